"""Schemas of the facts that only gates ask for: engagement, change plan, panels."""

from typing import Any

from marshmallow import fields, post_load, validate

from portal.oversight.gates import forms
from portal.oversight.gates.models import (
    CRITERIA_MAX,
    LINE_MAX,
    ChangePlan,
    Panel,
    PanelOutcome,
    TeamKeyRoles,
)
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, flag, id_, integer, line
from portal.project.projects.models import NUMBER_MAX

EngagementSchema = row_schema("EngagementSchema", TeamKeyRoles, "sponsor_id", "business_owner_id")
ChangePlanSchema = row_schema("ChangePlanSchema", ChangePlan, "missions", "workflow", "training")
ChangePlanTextsSchema = form_schema("ChangePlanTextsSchema", forms.EditChangePlanForm)


class KeyRolesFactsSchema(ApiSchema):
    """Who holds the two key roles."""

    sponsor_id = id_("A member of the team.", load_default=None, allow_none=True)
    business_owner_id = id_("A member of the team.", load_default=None, allow_none=True)


class PanelCriterionSchema(ApiSchema):
    """A criterion of a panel."""

    text = line(LINE_MAX, required=True)
    is_met = flag(required=True)

    @post_load
    def as_pair(self, values: dict[str, Any], **_options: Any) -> tuple[str, bool]:
        """The pair that the command takes."""
        return values["text"], values["is_met"]


_PanelColumnsSchema = row_schema(
    "_PanelColumnsSchema", Panel, "held_on", "members", "prototype_version_id", "outcome", "reasons"
)


class PanelSchema(_PanelColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A panel that saw the prototype and decided what comes next."""

    criteria = fields.List(fields.Nested(PanelCriterionSchema), dump_only=True)


PanelFactsSchema = form_schema(
    "PanelFactsSchema",
    forms.EditPanelForm,
    "shown",
    prototype=integer(
        1, NUMBER_MAX, "Number of the version that was shown live.", load_default=None, allow_none=True
    ),
    criteria=fields.List(
        fields.Nested(PanelCriterionSchema), required=True, validate=validate.Length(min=1, max=CRITERIA_MAX)
    ),
    outcome=choice(PanelOutcome, required=True),
)
