"""Coaches and what they carry; handing a team over asks for a proof that tokens lack."""

from typing import Any
from uuid import UUID

from portal.coaching.coach_notes import commands as note_commands
from portal.coaching.coach_notes import policy as note_policy
from portal.coaching.coach_notes.models import CoachNote
from portal.coaching.coach_notes.queries import get_note
from portal.coaching.coach_notes.schemas import CoachNoteSchema
from portal.oversight.coach_desk import commands, policy, queries, schemas
from portal.oversight.coach_desk.coach_date_queries import list_accompanied_teams
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import NotFound
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.queries import get_programme_role_holder, get_project

area = ApiArea("coaching")


@area.list("/coaches", schemas.CoachLoadSchema)
def list_coaches(call: ApiCall) -> ApiPage:
    """List the coaches of the programmes that one leads, whoever has most teams first (1,000 assignments
    at most)."""
    if not policy.sees_loads(call.actor):
        raise NotFound
    return call.page.cut_whole_list(queries.list_coach_loads(call.actor), key_by_fields("person.id"))


@area.list("/coaching/teams", schemas.AccompaniedTeamSchema)
def list_coached_teams(call: ApiCall) -> ApiPage:
    """List the teams that one coaches, whoever was not met for longest first."""
    if not policy.is_coach(call.actor):
        raise NotFound
    return call.page.cut_whole_list(list_accompanied_teams(call.actor), key_by_fields("project.id"))


@area.act(
    "/projects/<slug>/hand-over",
    CoachNoteSchema,
    body=schemas.HandOverRequestSchema,
)
def ask_hand_over(call: ApiCall, slug: str) -> CoachNote:
    """Ask the programme's lead to give a team that one coaches to another coach: why, and what they must
    know."""
    project = get_project(call.actor, slug)
    require(note_policy.can_request_hand_over(call.actor, project), note_commands.coach_only_message())
    person_id = call.body["person_id"]
    successor = get_programme_role_holder(project, policy.COACH, person_id) if person_id else None
    return note_commands.request_hand_over(
        call.actor, project, successor, call.body["why"], call.body["note"]
    )


@area.act(
    "/projects/<slug>/coach-notes/<int(max=9999):number>/refuse-hand-over",
    CoachNoteSchema,
    body=schemas.HandOverRefusalSchema,
)
def refuse_hand_over(call: ApiCall, slug: str, number: int) -> CoachNote:
    """Answer a coach who asked to hand a team over that they keep it, by the number of their note."""
    project = get_project(call.actor, slug)
    note = get_note(call.actor, project, number)
    note_commands.refuse_hand_over(call.actor, project, note, call.body["reason"])
    return note


@area.act(
    "/projects/<slug>/hand-over/<uuid:assignment_id>",
    schemas.CoachAssignmentSchema,
    body=schemas.HandOverSchema,
    asks_again=True,
)
def hand_team_over(call: ApiCall, slug: str, assignment_id: UUID) -> dict[str, Any]:
    """Give a coach's team, open clinics and a note to another coach, by the id of the coach's role."""
    project = get_project(call.actor, slug)
    coached = queries.get_assignment(project, assignment_id)
    successor = get_programme_role_holder(project, policy.COACH, call.body["person_id"])
    commands.hand_over_team(call.actor, project, coached, successor, call.body["note"])
    return {"person_id": successor.id, "track_id": coached.track and coached.track.id}
