"""Schemas of requests for help and their clinics."""

from portal.coaching.clinics import forms
from portal.coaching.clinics.models import Clinic, ClinicStep
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import choice, integer, moment
from portal.sprints.sprints.models import NUMBER_MAX, Blocker

_ClinicColumnsSchema = row_schema(
    "_ClinicColumnsSchema", Clinic, "taken_at", "taken_by_id", "planned_on", "held_on", "closed_at", "outcome"
)


class HelpRequestSchema(_ClinicColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A request for help, and the clinic that answers it; its version is 0 until somebody takes it."""

    sprint = integer(1, NUMBER_MAX, "Number of the sprint that asks.", dump_only=True)
    step = choice(ClinicStep, dump_only=True)
    blocker = choice(Blocker, dump_only=True)
    requested_at = moment()
    version = integer(0, 2**31 - 1, "Sent back in `If-Match`.", dump_only=True)


ClinicPlanSchema = form_schema("ClinicPlanSchema", forms.ClinicPlanForm)
ClinicHoldSchema = form_schema("ClinicHoldSchema", forms.ClinicHoldForm)
ClinicCloseSchema = form_schema("ClinicCloseSchema", forms.ClinicCloseForm)
