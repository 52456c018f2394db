"""Operations on projects: the list, one, its file, its state, its tracks and its people.

People are invited and roles given and ended on pages alone, which ask for a second factor again.
"""

from typing import Any
from uuid import UUID

from portal.people.programmes import queries as programmes
from portal.people.programmes.queries import RoleHolder
from portal.people.programmes.schemas import InvitationSchema
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import RuleBroken
from portal.platform.web.api_fields import describe_choices
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects import commands, feed_queries, policy, queries, schemas
from portal.project.projects.commands import EditableProjectColumns
from portal.project.projects.list_queries import list_filtered_projects
from portal.project.projects.models import Project

area = ApiArea("projects")
PROJECT = "/projects/<slug>"


@area.list("/projects", schemas.ProjectSchema, query=schemas.ProjectQuerySchema)
def list_projects(call: ApiCall) -> ApiPage:
    """List the projects that one reads, by organisation."""
    return call.page.read_page_slice(
        lambda first, count: list_filtered_projects(call.actor, limit=count, offset=first, **call.query)
    )


@area.get("/projects/<slug>", schemas.ProjectSchema)
def get_project(call: ApiCall, slug: str) -> Project:
    """Read a project."""
    return queries.get_project(call.actor, slug)


@area.list("/projects/<slug>/activity", schemas.FeedEntrySchema)
def list_project_activity(call: ApiCall, slug: str) -> ApiPage:
    """List who did what in a project, the latest first."""
    project = queries.get_project(call.actor, slug)
    with_reserved = policy.can_read_reserved_facts(call.actor, project)
    entries, before = feed_queries.read_feed_page(
        project, call.page.after_id, limit=call.page.limit, with_reserved=with_reserved
    )
    lines = [
        {
            "id": entry.event.id,
            "at": entry.event.created_at,
            "action": entry.event.action,
            "who": entry.who,
            "sentence": entry.sentence,
            "page": entry.path,
        }
        for entry in entries
    ]
    return ApiPage(lines, None if before is None else str(before))


@area.list("/projects/<slug>/people", schemas.ProjectPersonSchema)
def list_project_people(call: ApiCall, slug: str) -> ApiPage:
    """List the team, the coaches and the reviewers of a project."""
    people = queries.read_people(queries.get_project(call.actor, slug))
    return call.page.cut_whole_list(
        [*people.team, *people.coaches, *people.reviewers], key_by_fields("assignment.id")
    )


@area.change("/projects/<slug>", schemas.ProjectSchema, body=schemas.EditableProjectSchema)
def edit_project(call: ApiCall, slug: str) -> Project:
    """Change what a project says of itself."""
    project = queries.get_project(call.actor, slug)
    commands.edit_project(call.actor, project, EditableProjectColumns(**call.body), call.version)
    return project


@area.create("/programmes/<programme>/projects", schemas.ProjectSchema, body=schemas.NewProjectSchema)
def create_project(call: ApiCall, programme: str) -> Project:
    """Create a project, without its team yet."""
    parent = programmes.get_programme(call.actor, programme)
    details, keys = dict(call.body), _read_track_keys(call, parent.id)
    del details["tracks"]
    project = commands.create_project(call.actor, parent, EditableProjectColumns(**details), keys)
    call.location = f"/projects/{project.slug}"
    return project


@area.act(f"{PROJECT}/state", schemas.ProjectSchema, body=schemas.ProjectStateChangeSchema)
def change_project_state(call: ApiCall, slug: str) -> Project:
    """Pause, resume, finish or stop a project; a stop says why, and what was learnt."""
    project = queries.get_project(call.actor, slug)
    commands.change_state(call.actor, project, **call.body)
    return project


@area.get(f"{PROJECT}/tracks", schemas.ProjectTracksSchema)
def get_project_tracks(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read the tracks on which a project is supported."""
    return {"tracks": queries.list_tracks(queries.get_project(call.actor, slug))}


@area.change(
    f"{PROJECT}/tracks", schemas.ProjectTracksSchema, body=schemas.TrackKeysSchema, is_versioned=False
)
def choose_project_tracks(call: ApiCall, slug: str) -> dict[str, Any]:
    """Choose the tracks on which a project is supported."""
    project = queries.get_project(call.actor, slug)
    commands.choose_tracks(call.actor, project, _read_track_keys(call, project.programme_id))
    return {"tracks": queries.list_tracks(project)}


@area.act(
    f"{PROJECT}/people/<uuid:role_id>/share", schemas.ProjectPersonSchema, body=schemas.ShareOfTimeSchema
)
def set_share_of_time(call: ApiCall, slug: str, role_id: UUID) -> RoleHolder:
    """Say how much of their week a member of the team gives to a project."""
    project = queries.get_project(call.actor, slug)
    assignment = queries.get_role_assignment(project, role_id)
    commands.set_time_share(call.actor, project, assignment, call.body["share_of_time"])
    return next(each for each in queries.list_team(project) if each.assignment.id == role_id)


@area.list(f"{PROJECT}/invitations", InvitationSchema)
def list_project_invitations(call: ApiCall, slug: str) -> ApiPage:
    """List the open invitations into a team, for whoever may withdraw them; never their links."""
    project = queries.get_project(call.actor, slug)
    require(policy.can_withdraw_invitation(call.actor, project))
    return call.page.cut_whole_list(
        programmes.list_open_invitations(call.actor, queries.get_scope_of(project))
    )


@area.delete(f"{PROJECT}/invitations/<uuid:invitation_id>")
def withdraw_project_invitation(call: ApiCall, slug: str, invitation_id: UUID) -> None:
    """Withdraw an invitation into a team: its link is of no use then."""
    project = queries.get_project(call.actor, slug)
    require(policy.can_withdraw_invitation(call.actor, project))
    scope = queries.get_scope_of(project)
    invitation = programmes.get_invitation(call.actor, scope, invitation_id)
    commands.withdraw_invitation(call.actor, project, invitation)


def _read_track_keys(call: ApiCall, programme_id: UUID) -> list[str]:
    """The keys of the body. Raises `RuleBroken` for one that the programme does not have."""
    keys: list[str] = call.body["tracks"]
    of_programme = [track.key for track in programmes.list_tracks(programme_id)]
    if not set(keys) <= set(of_programme):
        raise RuleBroken("tracks", str(describe_choices(of_programme)))
    return keys
