"""Schemas of what a coach prepares a session with."""

from marshmallow import fields

from portal.coaching.recommendations.schemas import RecommendationSchema
from portal.coaching.sessions.schemas import CoachingSessionSchema
from portal.oversight.decisions.schemas import DecisionSchema
from portal.oversight.health.schemas import HealthSchema
from portal.oversight.session_preparation.change_queries import ChangeKind
from portal.platform.web.api_fields import ApiSchema, choice, count, day, moment


class ProjectChangeSchema(ApiSchema):
    """Something that happened in a project."""

    kind = choice(ChangeKind, dump_only=True)
    number = count("By which people call it.")
    text = fields.String(dump_only=True)
    value = fields.String(
        dump_only=True,
        metadata={
            "description": "Outcome of a sprint or decision, verb of a gate, `reached` or `missed` of a run."
        },
    )
    at = moment()
    page = fields.String(dump_only=True, attribute="path")


class SessionPreparationSchema(ApiSchema):
    """What a coach reads before a session: the last one, and what happened and waits since."""

    last_session = fields.Nested(CoachingSessionSchema, dump_only=True, allow_none=True)
    since = moment(
        "When the last session was logged, at the latest the end of its day; else the eve of the project."
    )
    next_on = day("Of the session that is planned.", dump_only=True, allow_none=True)
    health = fields.Nested(HealthSchema, dump_only=True, allow_none=True)
    next_gate = count("Number of the first open gate.", allow_none=True)
    changes = fields.List(fields.Nested(ProjectChangeSchema), dump_only=True)
    recommendations = fields.List(fields.Nested(RecommendationSchema), dump_only=True)
    decisions = fields.List(fields.Nested(DecisionSchema), dump_only=True)
    notes = count("Notes of coaches on the team.")
