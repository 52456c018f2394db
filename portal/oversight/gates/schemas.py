"""Schemas of gates: where each stands and why, progress, and decisions."""

from marshmallow import fields

from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.models import REASON_MAX
from portal.oversight.gates.state_rules import GateStanding
from portal.people.programmes.models import SLUG_MAX
from portal.platform.web.api_fields import ApiSchema, choice, count, day, id_, line, moment, past_day


class PredicateSchema(ApiSchema):
    """A condition of a gate. `code` is the stable reason why it is not met, None where it is."""

    predicate = fields.String(dump_only=True)
    is_met = fields.Boolean(dump_only=True)
    code = fields.String(dump_only=True, allow_none=True)
    parameters = fields.Dict(dump_only=True)
    references = fields.List(fields.String(), dump_only=True)


class GateDecisionSchema(ApiSchema):
    """A declaration, an answer or a waiver."""

    at = moment()
    verb = choice(GateVerb, dump_only=True)
    reason = fields.String(dump_only=True)
    who = fields.String(dump_only=True)


class GateStateSchema(ApiSchema):
    """Where a gate stands. `fingerprint` is that of its evidence, for whoever accepts it."""

    number = count(attribute="definition.number")
    key = fields.String(attribute="definition.key", dump_only=True)
    name_fr = fields.String(attribute="definition.name_fr", dump_only=True)
    name_en = fields.String(attribute="definition.name_en", dump_only=True)
    weight = count(attribute="definition.terms.weight")
    standing = choice(GateStanding, dump_only=True)
    is_proved = fields.Boolean(dump_only=True)
    is_requested = fields.Boolean(dump_only=True)
    fingerprint = fields.String(attribute="evaluation.fingerprint", dump_only=True)
    predicates = fields.List(fields.Nested(PredicateSchema), attribute="evaluation.results", dump_only=True)
    declared = fields.Nested(GateDecisionSchema, dump_only=True, allow_none=True)
    answer = fields.Nested(GateDecisionSchema, dump_only=True, allow_none=True)
    waiver = fields.Nested(GateDecisionSchema, dump_only=True, allow_none=True)


class PastDayQuerySchema(ApiSchema):
    """As of the end of a past day."""

    on = past_day()


class GateStreamQuerySchema(PastDayQuerySchema):
    """Of which day, and where an earlier reading stopped."""

    after = id_("The id of the last project whose gates were read.")


class GateOfProjectSchema(ApiSchema):
    """A gate of a project among those of others."""

    project = line(SLUG_MAX, "The slug of its project.", dump_only=True)
    project_id = id_("The id of its project.", dump_only=True)
    gate = fields.Nested(GateStateSchema, dump_only=True)


class ProjectGatesProgressSchema(ApiSchema):
    """Sums of weights of gates; `total` leaves out those that are waived."""

    declared = count()
    proved = count()
    accepted = count()
    total = count()


class DatedProgressSchema(ProjectGatesProgressSchema):
    """Progress at the end of a day."""

    on = day(dump_only=True)


class GateAcceptSchema(ApiSchema):
    """The acceptance of a gate, on the evidence that was read."""

    fingerprint = line(100, "As in the gate.", required=True)
    note = line(REASON_MAX)


class GateDecisionReasonSchema(ApiSchema):
    """Why."""

    reason = line(REASON_MAX, required=True)
