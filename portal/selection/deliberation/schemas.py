"""Schemas of decisions on applications, and of appeals."""

from typing import Any

from marshmallow import fields, validate

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, day, flag, id_, line, number
from portal.selection.calls.models import KEY_MAX
from portal.selection.deliberation.forms import ExamineAppealForm, MinutesForm, ReceiveAppealForm
from portal.selection.deliberation.models import (
    LETTER_MAX,
    REASON_MAX,
    AppealState,
    ApplicationAppeal,
    ApplicationDecision,
    DecisionKind,
    Deliberation,
)

CRITERIA_MAX = 20

ApplicationDecisionSchema = row_schema(
    "ApplicationDecisionSchema", ApplicationDecision, "outcome", "reasons", "letter_text", "publication_id"
)
_AppealColumnsSchema = row_schema(
    "_AppealColumnsSchema",
    ApplicationAppeal,
    *("state", "received_on", "grounds", "examined_on", "examination", "closed_on", "answer", "new_outcome"),
)


class ApplicationAppealSchema(_AppealColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """An appeal against a published decision."""

    until = day("The last day of its time limit.", dump_only=True, allow_none=True)
    is_late = flag("Whether it came after that day.", dump_only=True)


class WriteApplicationDecisionSchema(ApiSchema):
    """A decision: why, by the key of each criterion."""

    outcome = choice(DecisionKind, required=True)
    reasons = fields.Dict(
        keys=line(KEY_MAX, required=True),
        values=line(REASON_MAX),
        required=True,
        validate=validate.Length(max=CRITERIA_MAX),
        metadata={"example": {"data": "Les données existent et sont accessibles."}},
    )
    letter_text = line(LETTER_MAX)


class PublishDecisionsSchema(ApiSchema):
    """Publish all decisions at once."""

    knowingly = flag("Without the applications that have no decision yet.", load_default=False)


DeliberationSchema = row_schema(
    "DeliberationSchema", Deliberation, "held_on", "place", "attendees", "minutes"
)
MinutesSchema = form_schema("MinutesSchema", MinutesForm)


class AgendaPersonSchema(ApiSchema):
    """Somebody in conflict with an application."""

    person_id = id_(dump_only=True)
    name = fields.String(dump_only=True)


def _people_field(about: str) -> fields.Field[Any]:
    return fields.List(fields.Nested(AgendaPersonSchema), dump_only=True, metadata={"description": about})


class AgendaStepSchema(ApiSchema):
    """An application on the agenda; what was decided so far, for its leads alone."""

    number = number()
    organisation = fields.String(dump_only=True)
    title = fields.String(dump_only=True)
    outcome = choice(DecisionKind, dump_only=True, allow_none=True)
    is_published = flag(dump_only=True)
    absent = _people_field("Who is out of the room.")
    leaving = _people_field("Who leaves before it.")
    returning = _people_field("Who comes back.")


AppealSchema = form_schema("AppealSchema", ReceiveAppealForm)
AppealExaminationSchema = form_schema("AppealExaminationSchema", ExamineAppealForm)


class CloseAppealSchema(ApiSchema):
    """What becomes of an appeal."""

    state = choice(AppealState, required=True)
    new_outcome = choice(DecisionKind, load_default=None, allow_none=True)
    answer = line(LETTER_MAX)
