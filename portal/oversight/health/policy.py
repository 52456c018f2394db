"""Permissions of health: who declares a weather, overrides health, changes thresholds."""

from sqlalchemy import ColumnElement, or_

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def may_declare_weather(actor: Actor, project: Project) -> bool:
    """Whether the actor may declare the weather, in any state of the project: the team's lead."""
    return projects.can_lead_team(actor, project)


def can_declare_weather(actor: Actor, project: Project) -> bool:
    """`may_declare_weather`, while the project is active."""
    return may_declare_weather(actor, project) and projects.is_project_active(project)


def may_note_lead_opinion(actor: Actor, project: Project) -> bool:
    """Whether the actor may override health, in any state of the project. The programme's lead,
    unless on the team."""
    leads = projects.can_lead_programme(actor, project)
    return leads and not projects.is_on_team(actor, project)


def can_note_lead_opinion(actor: Actor, project: Project) -> bool:
    """`may_note_lead_opinion`, while the project is active."""
    return may_note_lead_opinion(actor, project) and projects.is_project_active(project)


def may_take_charge(actor: Actor, project: projects.ProjectRoleScope) -> bool:
    """Whether the actor may take charge of a signal, in any state of the project: a coach of it or
    a lead of its programme, unless on the team."""
    return projects.can_advise(actor, project) and not projects.is_on_team(actor, project)


def can_take_charge(actor: Actor, project: Project) -> bool:
    """`may_take_charge`, while the project is active."""
    return may_take_charge(actor, project) and projects.is_project_active(project)


def member_coach_or_lead_condition(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Project`: the actor is on its team, coaches it, or leads its programme."""
    around = actor.scopes_with(*programmes.TEAM, *programmes.COACHES)
    return or_(Project.id.in_(around), led_projects_condition(actor))


def leads_any_programme(actor: Actor) -> bool:
    """Whether the actor leads a programme, and so replaces its coaches."""
    return bool(actor.scopes_with(Role.PROGRAMME_LEAD))


def led_projects_condition(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Project`: the actor leads its programme."""
    return Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD))


def can_set_terms(actor: Actor, programme: Programme) -> bool:
    """Whether the actor may change the thresholds of the programme's signals."""
    return programmes.can_lead(actor, programme)
