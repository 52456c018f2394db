"""Handing a team over to another coach, which asks for a proof that tokens lack."""

from typing import Any
from uuid import UUID

from portal.oversight.coach_desk import commands, policy, queries, schemas
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.queries import get_from_pool, get_project

area = ApiArea("coaching")


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
    successor = get_from_pool(project, policy.COACH, call.body["person_id"])
    commands.hand_over_team(call.actor, project, coached, successor, call.body["note"])
    return {"person_id": successor.id, "track_id": coached.track and coached.track.id}
