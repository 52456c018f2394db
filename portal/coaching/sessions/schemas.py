"""Schemas of what the API shows of this feature."""

from portal.coaching.sessions.models import CoachingSession
from portal.platform.web.api_columns import row_schema

CoachingSessionSchema = row_schema(
    "CoachingSessionSchema",
    CoachingSession,
    "track_id",
    "author_id",
    "held_on",
    "format",
    "minutes",
    "next_on",
)
