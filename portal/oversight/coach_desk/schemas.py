"""Schemas of handing a team over."""

from portal.oversight.coach_desk.forms import HandOverForm
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_fields import ApiSchema, id_

HandOverSchema = form_schema(
    "HandOverSchema", HandOverForm, "to", person_id=id_("Who takes the team over.", required=True)
)


class CoachAssignmentSchema(ApiSchema):
    """Who coaches a project, on which track."""

    person_id = id_(dump_only=True)
    track_id = id_(dump_only=True, allow_none=True)
