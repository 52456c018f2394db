"""Schemas of requests for help and their clinics."""

from portal.coaching.clinics import forms
from portal.coaching.clinics.models import OUTCOME_MAX, Clinic, HelpRequestStage
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, flag, id_, integer, line, moment
from portal.sprints.sprints.models import NUMBER_MAX, TEXT_MAX, BlockerKind

_ClinicColumnsSchema = row_schema("_ClinicColumnsSchema", Clinic, "planned_on", "held_on", "closed_at")


VERSION_MAX = 2**31 - 1


class HelpRequestSchema(_ClinicColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A request for help, and the clinic that answers it; its version is 0 until somebody takes it."""

    id = id_(dump_only=True, allow_none=True)
    created_at = moment(allow_none=True)
    taken_at = moment(allow_none=True)
    taken_by_id = id_(dump_only=True, allow_none=True)
    outcome = line(OUTCOME_MAX, dump_only=True, allow_none=True)
    sprint = integer(1, NUMBER_MAX, "Number of the sprint that asks.", dump_only=True)
    step = choice(HelpRequestStage, dump_only=True)
    blocker = choice(BlockerKind, dump_only=True)
    requested_at = moment()
    version = integer(0, VERSION_MAX, "Sent back in `If-Match`.", dump_only=True)


class AskHelpSchema(ApiSchema):
    """What blocks a team, and what it needs."""

    blocker = choice(BlockerKind, "Not `none`.", required=True, example="it")
    blocker_text = line(TEXT_MAX, required=True)
    sprint_version = integer(
        0, VERSION_MAX, "Of the sprint, to replace the words of an earlier request.", load_default=0
    )
    replaces = flag("Replaces what the sprint says of its blocker; else that is refused.", load_default=False)


class AssignHelpRequestSchema(ApiSchema):
    """Who takes a request."""

    person_id = id_("A coach of the project, or oneself.", required=True)


ClinicPlanSchema = form_schema("ClinicPlanSchema", forms.ClinicPlanForm)
ClinicHoldSchema = form_schema("ClinicHoldSchema", forms.RecordHeldClinicForm)
ClinicCloseSchema = form_schema("ClinicCloseSchema", forms.CloseHelpRequestForm)
