"""Schemas of rounds of tests and their sessions."""

from portal.platform.web.api_columns import row_schema
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_models import TestSession

RoundSchema = row_schema(
    "RoundSchema",
    TestRound,
    *("prototype_version_id", "follows_id", "title", "method", "scale", "hypotheses", "script"),
    *("starts_on", "ends_on", "ended_on", "access_needs", "no_access_needs"),
)
SessionSchema = row_schema(
    "SessionSchema",
    TestSession,
    *("round_id", "target_group_id", "is_rehearsal", "consent_on", "started_at", "ended_at"),
)
