"""Schemas of handing a team over."""

from marshmallow import fields

from portal.oversight.coach_desk.forms import HandOverForm, HandOverRefusalForm, HandOverRequestForm
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_fields import ApiSchema, count, day, id_

HandOverSchema = form_schema(
    "HandOverSchema", HandOverForm, "to", person_id=id_("Who takes the team over.", required=True)
)

HandOverRequestSchema = form_schema(
    "HandOverRequestSchema",
    HandOverRequestForm,
    "to",
    person_id=id_("To whom, or nothing: the lead chooses.", load_default=None, allow_none=True),
)
HandOverRefusalSchema = form_schema("HandOverRefusalSchema", HandOverRefusalForm)


class CoachAssignmentSchema(ApiSchema):
    """Who coaches a project, on which track."""

    person_id = id_(dump_only=True)
    track_id = id_(dump_only=True, allow_none=True)


class CoachedTeamSchema(ApiSchema):
    """A team that somebody coaches on a track."""

    assignment_id = id_("The id of the coach's role.", dump_only=True, attribute="assignment.id")
    project = fields.String(dump_only=True, attribute="project.slug")
    track = fields.String(dump_only=True, allow_none=True, attribute="track.key")
    contact_on = day("The last session on that track.", dump_only=True, allow_none=True)
    silent_days = count("Days since then, where the team's health counts them.")


class CoachLoadSchema(ApiSchema):
    """What a coach carries in the programmes that the reader leads."""

    person_id = id_(dump_only=True, attribute="person.id")
    name = fields.String(dump_only=True, attribute="person.name")
    teams = fields.List(fields.Nested(CoachedTeamSchema), dump_only=True)
    clinics = count(
        "Open requests for help that they have, of sprints and by questions.", attribute="help_requests"
    )
    to_confirm = count("Their recommendations that teams say are done.")


class AccompaniedTeamSchema(ApiSchema):
    """A team that one coaches, with the last session and the next day agreed."""

    project = fields.String(dump_only=True, attribute="project.slug")
    project_id = id_(dump_only=True, attribute="project.id")
    last_on = day(dump_only=True, allow_none=True)
    next_on = day(dump_only=True, allow_none=True)
    hour = fields.String(dump_only=True, metadata={"description": "Of the next one, or nothing."})
