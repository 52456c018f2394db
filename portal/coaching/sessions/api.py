"""Operations on sessions of coaching."""

from portal.coaching.sessions import commands, schemas
from portal.coaching.sessions.models import CoachingSession
from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import NumberedApi

area = ApiArea("coaching")

sessions = NumberedApi(
    area,
    "coaching-sessions",
    ("coaching_session", "coaching_sessions"),
    CoachingSession,
    schemas.CoachingSessionSchema,
).reads()
sessions.creates(
    "log_coaching_session",
    "Log a session of coaching, with its decisions.",
    commands.log_session,
    schemas.NewSessionSchema,
)
sessions.changes(
    "change_coaching_session",
    "Change a session of coaching.",
    commands.change_session,
    schemas.SessionFactsSchema,
)
