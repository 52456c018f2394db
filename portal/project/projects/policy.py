"""Permissions on a project. No other file names roles for it."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project, ProjectState


class ProjectRoleScope(Protocol):
    """Where roles are held: a project, or a plain value that stands for one."""

    @property
    def id(self) -> UUID: ...

    @property
    def programme_id(self) -> UUID: ...


COACH = Role.COACH
LEAD = Role.TEAM_LEAD
REVIEWER = Role.ETHICS_REVIEWER


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on projects that the actor reads in full."""
    return programmes.project_read_condition(actor, Project.__table__.c.id)


# The same condition for a statement compiled once; `project_read_parameters` binds the actor.
VISIBLE = programmes.precompiled_project_read_condition(Project.__table__.c.id)
reach_parameters = programmes.project_read_parameters


def visible_by_project_column(actor: Actor, project_id: Any) -> ColumnElement[bool]:
    """Return the condition on rows of projects that the actor reads, by their project's column."""
    return programmes.project_read_condition(actor, project_id)


def visible_by_project_column_bound(project_id: Any) -> ColumnElement[bool]:
    """Return the same condition for a statement compiled once."""
    return programmes.precompiled_project_read_condition(project_id)


def can_read(actor: Actor, project: Project) -> bool:
    """Tell whether the actor reads a project that is loaded already."""
    return actor.has_role_in(*programmes.PROJECT_READERS, in_=project.id) or (
        can_lead_programme(actor, project)
    )


def rights_key(actor: Actor, project: Project) -> tuple[frozenset[Role], frozenset[Role]]:
    """Return what permissions in a project depend on: the roles in it and in its programme. For
    cached answers that several readers share."""
    none: frozenset[Role] = frozenset()
    return actor.roles.get(project.id, none), actor.roles.get(project.programme_id, none)


def can_create(actor: Actor, programme: Programme) -> bool:
    return programmes.can_lead(actor, programme)


def is_team_lead_role(role: Role) -> bool:
    """Tell whether the role is that of the team's lead."""
    return role is Role.TEAM_LEAD


def can_lead_team(actor: Actor, project: Project) -> bool:
    return actor.has_role_in(Role.TEAM_LEAD, in_=project.id)


def can_lead_programme(actor: Actor, project: ProjectRoleScope) -> bool:
    return actor.has_role_in(Role.PROGRAMME_LEAD, in_=project.programme_id)


def is_project_active(project: Project) -> bool:
    """Tell whether the team may write and invite: only while the project is active.

    Reading and commenting do not depend on the state, nor do edits by the programme's lead.
    """
    return project.state is ProjectState.ACTIVE


def can_edit(actor: Actor, project: Project) -> bool:
    """Tell whether the actor may edit the project's file now: its team or the programme's lead."""
    return can_write_team_work(actor, project) or can_lead_programme(actor, project)


# `is_open` as conditions of a statement.
IS_ACTIVE = (Project.paused_on.is_(None), Project.finished_on.is_(None), Project.stopped_on.is_(None))


def may_edit_in_some_state(actor: Actor, project: Project) -> bool:
    """Tell whether the actor may edit the file in some state of the project.

    Checked before a form, so that a refused edit still shows what was typed.
    """
    return is_on_team(actor, project) or can_lead_programme(actor, project)


def can_invite(actor: Actor, project: Project) -> bool:
    return is_project_active(project) and can_withdraw_invitation(actor, project)


def can_withdraw_invitation(actor: Actor, project: Project) -> bool:
    """Tell whether the actor may withdraw an invitation, in any state of the project."""
    return can_lead_team(actor, project) or can_lead_programme(actor, project)


def can_set_time_share(actor: Actor, project: Project, assignment: RoleAssignment) -> bool:
    """Tell whether the actor may set a team member's share of time now."""
    leads = is_project_active(project) or can_lead_programme(actor, project)
    return leads and may_set_share_in_some_state(actor, project, assignment)


def may_set_share_in_some_state(actor: Actor, project: Project, assignment: RoleAssignment) -> bool:
    """Tell whether the actor may set it in some state of the project: whoever may invite."""
    in_team = assignment.scope_id == project.id and assignment.role in programmes.TEAM
    return in_team and can_withdraw_invitation(actor, project)


def list_led_programme_ids(actor: Actor) -> Sequence[UUID]:
    return actor.scopes_with(Role.PROGRAMME_LEAD)


def can_assign_coaches_and_tracks(actor: Actor, project: Project) -> bool:
    """Tell whether the actor chooses the coaches, the ethics reviewer and the tracks."""
    return can_lead_programme(actor, project)


def can_change_state(actor: Actor, project: Project) -> bool:
    """Tell whether the actor may pause, resume, finish or stop: the programme's lead."""
    return can_lead_programme(actor, project)


def can_write_team_work(actor: Actor, project: Project) -> bool:
    """Tell whether the actor may write the team's own work now."""
    return is_project_active(project) and is_on_team(actor, project)


def is_on_team(actor: Actor, project: ProjectRoleScope) -> bool:
    return actor.has_role_in(*programmes.TEAM, in_=project.id)


def can_read_reserved_facts(actor: Actor, project: ProjectRoleScope) -> bool:
    """Read in the feed what its actions keep for the team and the leads of the programme."""
    return is_on_team(actor, project) or can_lead_programme(actor, project)


def is_coach(actor: Actor, project: ProjectRoleScope) -> bool:
    """Tell whether the actor coaches the project, on any track."""
    return actor.has_role_in(COACH, in_=project.id)


def can_advise(actor: Actor, project: ProjectRoleScope) -> bool:
    """Tell whether the actor may recommend, log coaching sessions and confirm what was done.

    The project's coaches and the programme's lead, in any state of the project.
    """
    return is_coach(actor, project) or can_lead_programme(actor, project)
