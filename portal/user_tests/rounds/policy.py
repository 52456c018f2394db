"""Permissions on rounds and sessions.

Sessions are visible to those who read the project in full, not to roles that read the portfolio
only. Raw rows may be exported by the team and its coaches only.
"""

from typing import Any

from sqlalchemy import ColumnElement

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_models import TestSession


def visible_within(actor: Actor, project_id: Any) -> ColumnElement[bool]:
    """Return the condition for rounds and sessions of projects that the actor may read."""
    return projects.visible_by_project_column(actor, project_id)


def can_write(actor: Actor, project: Project) -> bool:
    """Whether the actor may plan, change and copy rounds: the team of an active project."""
    return projects.can_write_team_work(actor, project)


def can_change_tasks(actor: Actor, project: Project, round_: TestRound, *, has_sessions: bool) -> bool:
    """Whether the actor may change tasks and consent texts: not once there are sessions, so that
    all participants had the same ones. Rehearsals do not count."""
    return not has_sessions and round_.ended_on is None and can_write(actor, project)


def can_remove(actor: Actor, project: Project, *, has_sessions: bool) -> bool:
    """Whether the actor may remove a round: one without any session, rehearsals included."""
    return not has_sessions and can_write(actor, project)


def can_run_sessions(actor: Actor, project: Project, round_: TestRound) -> bool:
    """Whether the actor may start sessions and record results: until the round is over."""
    return round_.ended_on is None and can_write(actor, project)


def can_end_or_reopen(actor: Actor, project: Project, round_: TestRound, *, is_over: bool) -> bool:
    """Whether the actor may end the round, or reopen it if not `is_over`."""
    return (round_.ended_on is None) == is_over and can_write(actor, project)


def can_correct_sessions(actor: Actor, project: Project) -> bool:
    """Whether the actor may correct results, even of a round that is over."""
    return can_write(actor, project)


def can_withdraw_session(actor: Actor, project: Project) -> bool:
    """Whether the actor may delete a session at its participant’s request: in any project state."""
    return projects.is_on_team(actor, project) or projects.can_lead_programme(actor, project)


def exportable_sessions_condition(actor: Actor) -> ColumnElement[bool]:
    """The condition for sessions of many projects whose raw rows the actor may export."""
    return TestSession.project_id.in_(actor.scopes_with(*programmes.COACHES, *programmes.TEAM))


def can_export_sessions(actor: Actor, project: Project) -> bool:
    """Whether the actor may export raw rows: the team and its coaches."""
    is_coach = actor.has_role_in(*programmes.COACHES, in_=project.id)
    return is_coach or projects.is_on_team(actor, project)
