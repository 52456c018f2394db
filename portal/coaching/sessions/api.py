"""Operations on sessions of coaching."""

from portal.coaching.sessions.models import CoachingSession
from portal.coaching.sessions.schemas import CoachingSessionSchema
from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import add_numbered_reads

area = ApiArea("coaching")
add_numbered_reads(
    area,
    "coaching-sessions",
    ("coaching_session", "coaching_sessions"),
    CoachingSession,
    CoachingSessionSchema,
)
