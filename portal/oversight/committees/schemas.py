"""Schemas of committees: their agenda and the record of their decisions."""

from marshmallow import fields

from portal.oversight.committees import forms
from portal.oversight.committees.models import Committee
from portal.oversight.decisions.models import DecisionOutcome
from portal.oversight.gates.definition_rules import GateVerb
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, count, day, moment

CommitteeSchema = row_schema(
    "CommitteeSchema",
    Committee,
    *("held_on", "hour", "duration", "place", "members", "agenda", "author_id", "closed_at", "closed_by_id"),
)
CommitteeFactsSchema = form_schema("CommitteeFactsSchema", forms.ChangeCommitteeForm)


class AgendaLineSchema(ApiSchema):
    """What waits in a team, since a day."""

    team = fields.String(dump_only=True)
    path = fields.String(dump_only=True)
    since = day(dump_only=True)
    title = fields.String(dump_only=True)


class AgendaGroupSchema(ApiSchema):
    """What waits of one kind."""

    code = fields.String(dump_only=True)
    title = fields.String(dump_only=True)
    lines = fields.List(fields.Nested(AgendaLineSchema), dump_only=True)


class RecordedDecisionSchema(ApiSchema):
    """A decision as it was worded in a record; without an outcome it is awaited."""

    project = fields.String(attribute="project.slug", dump_only=True)
    number = count()
    question = fields.String(dump_only=True)
    asked_at = moment()
    outcome = choice(DecisionOutcome, dump_only=True, allow_none=True)
    answer = fields.String(dump_only=True)
    answered_at = moment(allow_none=True)


class RecordedGateDecisionsSchema(ApiSchema):
    """What was last decided about the gates of a team, by number."""

    project = fields.String(attribute="project.slug", dump_only=True)
    verbs = fields.Dict(keys=fields.Integer(), values=fields.Enum(GateVerb, by_value=True), dump_only=True)


class RecordedChangeSchema(ApiSchema):
    """A decision on a change request of a team, without its reasons: observers read records."""

    project = fields.String(attribute="project.slug", dump_only=True)
    number = count(attribute="row.number")
    title = fields.String(dump_only=True)
    outcome = fields.String(dump_only=True, metadata={"enum": ["granted", "refused"], "example": "granted"})
    decided_at = moment(attribute="decision.created_at")


class CommitteeRecordSchema(ApiSchema):
    """What a committee decided since the one before, and what was awaited, at a moment."""

    moment = moment()
    answered = fields.List(fields.Nested(RecordedDecisionSchema), dump_only=True)
    gates = fields.List(fields.Nested(RecordedGateDecisionsSchema), dump_only=True)
    changes = fields.List(fields.Nested(RecordedChangeSchema), dump_only=True)
    awaited = fields.List(fields.Nested(RecordedDecisionSchema), dump_only=True)
