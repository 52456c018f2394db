"""Who may do what with a project. No other file decides this."""

from typing import Any

from sqlalchemy import ColumnElement, select

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project, ProjectState

COACH = Role.COACH
REVIEWER = Role.ETHICS_REVIEWER


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Projects that the actor reads in full."""
    return programmes.reads_project(actor, Project.__table__.c.id)


# The same question for a statement that is made once; `reach_of` an actor fills it.
VISIBLE = programmes.reads_project_bound(Project.__table__.c.id)
reach_parameters = programmes.reach_parameters


def visible_within(actor: Actor, project_id: Any) -> ColumnElement[bool]:
    """Rows of the projects that the actor reads in full, by the column that names the project."""
    return _within(project_id, visible_to(actor))


def visible_within_bound(project_id: Any) -> ColumnElement[bool]:
    """The same for a statement that is made once; `reach_of` an actor fills it."""
    return _within(project_id, VISIBLE)


def _within(project_id: Any, visible: ColumnElement[bool]) -> ColumnElement[bool]:
    within: ColumnElement[bool] = project_id.in_(select(Project.id).where(visible))
    return within


def can_read(actor: Actor, project: Project) -> bool:
    """The same question about one project that was read already."""
    return actor.has_role_in(*programmes.PROJECT_READERS, in_=project.id) or (
        can_lead_programme(actor, project)
    )


def can_create(actor: Actor, programme: Programme) -> bool:
    return programmes.can_lead(actor, programme)


def is_lead(role: Role) -> bool:
    """Whether the role carries the project for its team."""
    return role is Role.TEAM_LEAD


def can_lead_team(actor: Actor, project: Project) -> bool:
    return actor.has_role_in(Role.TEAM_LEAD, in_=project.id)


def can_lead_programme(actor: Actor, project: Project) -> bool:
    return actor.has_role_in(Role.PROGRAMME_LEAD, in_=project.programme_id)


def is_open(project: Project) -> bool:
    """While it goes on, its team writes and grows; paused, finished or stopped, it does neither.

    Reading and commenting depend on no state, and the programme's lead may mend the file in any.
    """
    return project.state is ProjectState.ACTIVE


def can_edit(actor: Actor, project: Project) -> bool:
    """The file of a project is the team's; the programme's lead may mend it."""
    return can_work(actor, project) or can_lead_programme(actor, project)


# The same question for rows of a statement.
IS_ACTIVE = (
    Project.paused_on.is_(None),
    Project.finished_on.is_(None),
    Project.stopped_on.is_(None),
)


def may_write_file(actor: Actor, project: Project) -> bool:
    """The same in some state of the project: asked before a form is looked at."""
    return is_on_team(actor, project) or can_lead_programme(actor, project)


def can_invite(actor: Actor, project: Project) -> bool:
    return is_open(project) and can_withdraw(actor, project)


def can_withdraw(actor: Actor, project: Project) -> bool:
    """Take an invitation back, in any state."""
    return can_lead_team(actor, project) or can_lead_programme(actor, project)


def can_set_share(actor: Actor, project: Project, assignment: RoleAssignment) -> bool:
    """How much time someone of the team gives."""
    leads = is_open(project) or can_lead_programme(actor, project)
    return leads and may_set_share(actor, project, assignment)


def may_set_share(actor: Actor, project: Project, assignment: RoleAssignment) -> bool:
    """The same in some state of the project: for whoever may invite them."""
    in_team = assignment.scope_id == project.id and assignment.role in programmes.TEAM
    return in_team and can_withdraw(actor, project)


def can_assign(actor: Actor, project: Project) -> bool:
    """Choose the coaches and the ethics reviewer."""
    return can_lead_programme(actor, project)


def can_change_state(actor: Actor, project: Project) -> bool:
    """Pause, take up again, finish or stop: the programme's lead decides."""
    return can_lead_programme(actor, project)


def can_work(actor: Actor, project: Project) -> bool:
    """Write the team's own work: its members, while the project goes on."""
    return is_open(project) and is_on_team(actor, project)


def is_on_team(actor: Actor, project: Project) -> bool:
    return actor.has_role_in(*programmes.TEAM, in_=project.id)


def can_advise(actor: Actor, project: Project) -> bool:
    """Recommend, log coaching sessions, confirm what was done: its coaches, and who leads the
    programme. In any state of the project."""
    return actor.has_role_in(COACH, in_=project.id) or can_lead_programme(actor, project)
