"""Schemas of what the API shows of this feature."""

from marshmallow import fields

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, id_, integer
from portal.project.projects.models import NUMBER_MAX
from portal.sprints.ceremonies import forms
from portal.sprints.ceremonies.models import (
    ATTENDEES,
    PEOPLE_MAX,
    Demonstration,
    RetroAction,
    Retrospective,
    Settlement,
)

DemonstrationSchema = row_schema(
    "DemonstrationSchema",
    Demonstration,
    "sprint_id",
    "prototype_version_id",
    "held_on",
    "team_business",
    "team_technical",
    "agents",
    "citizens",
    "management",
    "support",
    "coaches",
    "others",
    "feedback",
    "decisions",
)
RetroActionSchema = row_schema(
    "RetroActionSchema",
    RetroAction,
    "retrospective_id",
    "what",
    "owner_id",
    "due_on",
    "settlement",
    "settled_at",
    "item_id",
)
RetrospectiveSchema = row_schema(
    "RetrospectiveSchema", Retrospective, "sprint_id", "held_on", "went_well", "went_badly"
)
AttendeesSchema = type(
    "AttendeesSchema",
    (ApiSchema,),
    {name: integer(0, PEOPLE_MAX, load_default=0) for name in ATTENDEES},
)
DemonstrationFactsSchema = form_schema(
    "DemonstrationFactsSchema",
    forms.EditDemonstrationForm,
    *ATTENDEES,
    prototype=integer(1, NUMBER_MAX, "Number of the version.", load_default=None, allow_none=True),
    attendee_counts=fields.Nested(AttendeesSchema, required=True),
)
RetrospectiveFactsSchema = form_schema("RetrospectiveFactsSchema", forms.RetrospectiveForm)
ActionFactsSchema = form_schema(
    "ActionFactsSchema", forms.EditActionForm, "owner", owner_id=id_("A member of the team.", required=True)
)


class SettleActionSchema(ApiSchema):
    """How an action ended."""

    to = choice(Settlement, "None: it is open again.", required=True, allow_none=True)
