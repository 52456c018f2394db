"""Schemas of what a programme asks at its gates; versions are editions."""

from typing import Any

from marshmallow import fields, validate

from portal.oversight.gates.definition_rules import (
    MONTH_MAX,
    THRESHOLD_MAX,
    THRESHOLD_MIN,
    WEIGHT_MAX,
    GateAcceptor,
)
from portal.oversight.gates.models import LINE_MAX, GateTerms
from portal.people.programmes.models import NAME_MAX, SLUG_MAX
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, count, flag, integer, line
from portal.project.projects.gate_rules import GATE_NUMBER_MAX

PREDICATE_MAX = 60  # of a key
PREDICATES_MAX = 100
_KNOWINGLY = "True once the teams that this moves are known: the refusal names them."


def _make_thresholds_field(**options: Any) -> fields.Field[Any]:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(max=PREDICATE_MAX)),
        values=integer(THRESHOLD_MIN, THRESHOLD_MAX),
        validate=validate.Length(max=PREDICATES_MAX),
        metadata={"description": "By predicate, or by cause of staleness.", "example": {}},
        **options,
    )


class GateChangeReasonSchema(ApiSchema):
    """Why what a programme asks is changed, and whether its effects on teams are known."""

    because = line(LINE_MAX, required=True)
    knowingly = flag(_KNOWINGLY, load_default=False)


class GateMonthAndAcceptorSchema(ApiSchema):
    """When a gate is due, and who accepts it."""

    month = integer(0, MONTH_MAX, "Counted from the beginning of the support.", required=True)
    acceptor = choice(GateAcceptor, required=True)
    track = line(SLUG_MAX, "Key of the track whose coach accepts it.")


class SetGateTermsSchema(GateMonthAndAcceptorSchema, GateChangeReasonSchema):
    """Terms of a gate; thresholds that are left out stay as they are."""

    weight = integer(0, WEIGHT_MAX, required=True)
    thresholds = _make_thresholds_field(load_default=dict)


class GateContentSchema(GateChangeReasonSchema):
    """Names of a gate and what it asks."""

    name_fr = line(NAME_MAX, required=True)
    name_en = line(NAME_MAX, "Without it, the French name is shown.")
    predicates = fields.List(
        line(PREDICATE_MAX, required=True),
        required=True,
        validate=validate.Length(min=1, max=PREDICATES_MAX),
        metadata={"description": "Of the library.", "example": ["data_received"]},
    )


class NewGateSchema(GateContentSchema, GateMonthAndAcceptorSchema):
    """A gate that a programme adds."""

    weight = integer(0, WEIGHT_MAX, required=True)


class EditGateContentSchema(GateContentSchema):
    """Names of a gate, what it asks and where it stands."""

    position = integer(1, GATE_NUMBER_MAX + 1, "Among the gates of the programme, from 1.", required=True)


class ProgrammeGateSchema(ApiSchema):
    """A gate as a programme asks it."""

    number = count()
    version = integer(0, 2**31 - 1, "Its edition, 0 for the usual one.", dump_only=True)
    key = fields.String(dump_only=True)
    name_fr = fields.String(dump_only=True)
    name_en = fields.String(dump_only=True)
    predicates = fields.List(fields.String(), dump_only=True)
    position = integer(
        1, GATE_NUMBER_MAX + 1, "Null for a gate that is left out.", dump_only=True, allow_none=True
    )
    is_left_out = fields.Boolean(dump_only=True)
    weight = count()
    month = count()
    acceptor = choice(GateAcceptor, dump_only=True)
    track = fields.String(dump_only=True)
    thresholds = _make_thresholds_field(dump_only=True)


class NumberedMonthAndAcceptorSchema(GateMonthAndAcceptorSchema):
    """When the gate of a number is due, and who accepts it."""

    number = integer(0, GATE_NUMBER_MAX, required=True)


class GateMonthsAndAcceptorsSchema(ApiSchema):
    """When the gates of a programme are due, and who accepts them; the version counts all editions."""

    version = count("Grows with each change, 0 before the first; sent back in `If-Match`.")
    gates = fields.List(fields.Nested(NumberedMonthAndAcceptorSchema), dump_only=True)


class SetMonthsAndAcceptorsSchema(GateChangeReasonSchema):
    """When gates are due, and who accepts them; gates that are left out of the list stay as they are."""

    gates = fields.List(
        fields.Nested(NumberedMonthAndAcceptorSchema),
        required=True,
        validate=validate.Length(min=1, max=GATE_NUMBER_MAX + 1),
    )


GateEditionSchema = row_schema(
    "GateEditionSchema",
    GateTerms,
    *("gate", "edition", "because", "changed_by_id", "name_fr", "name_en", "predicates", "is_left_out"),
    *("weight", "month", "acceptor", "track", "thresholds"),
)
