"""Who may do what with user tests. No other file decides this.

What a participant did is read by whoever reads the project in full, and by nobody else: no role of
a programme that only reads its portfolio has a door to it. Raw rows leave the portal with the team
and its coaches alone.
"""

from typing import Any

from sqlalchemy import ColumnElement

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.user_tests.rounds.models import TestRound


def visible_within(actor: Actor, project_id: Any) -> ColumnElement[bool]:
    """Rounds and sessions of the projects that the actor reads, by the column of the project."""
    return projects.visible_within(actor, project_id)


def can_write(actor: Actor, project: Project) -> bool:
    """Plan rounds, change and copy them: the team's, while it works."""
    return projects.can_work(actor, project)


def can_change_tasks(
    actor: Actor, project: Project, round_: TestRound, *, has_sessions: bool
) -> bool:
    """Tasks and the consent text hold still once somebody tried, so that all tried the same and
    agreed to the same. Rehearsals do not count."""
    return not has_sessions and round_.ended_on is None and can_write(actor, project)


def can_remove(actor: Actor, project: Project, *, has_sessions: bool) -> bool:
    """Take back a round in which nobody tried, not even in a rehearsal."""
    return not has_sessions and can_write(actor, project)


def can_run_sessions(actor: Actor, project: Project, round_: TestRound) -> bool:
    """Begin sessions and type what happens in them, until the round is over."""
    return round_.ended_on is None and can_write(actor, project)


def can_end(actor: Actor, project: Project, round_: TestRound, *, is_over: bool) -> bool:
    """Say that no session will follow, or take that back."""
    return (round_.ended_on is None) == is_over and can_write(actor, project)


def can_correct_sessions(actor: Actor, project: Project) -> bool:
    """Correct what was typed in a session, even of a round that is over."""
    return can_write(actor, project)


def can_withdraw(actor: Actor, project: Project) -> bool:
    """Take a participant's session away because they ask: a right, whatever the project's state."""
    return projects.is_on_team(actor, project) or projects.can_lead_programme(actor, project)


def can_export_sessions(actor: Actor, project: Project) -> bool:
    """Raw rows, under their codes: for the team and its coaches."""
    coaches = actor.has_role_in(*programmes.COACHES, in_=project.id)
    return coaches or projects.is_on_team(actor, project)
