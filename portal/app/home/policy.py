"""Where each role lands, and what its home holds."""

from uuid import UUID

from sqlalchemy import ColumnElement

from portal.oversight.coach_desk.policy import is_coach, is_reviewer
from portal.people.programmes import policy as programmes
from portal.people.programmes.policy import can_administer
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project
from portal.project.projects.policy import can_work

__all__ = ["can_administer", "can_work", "is_coach", "is_reviewer"]


def find_only_project(actor: Actor) -> UUID | None:
    """The project of someone who is on its team and nothing else."""
    return _only_scope(actor, programmes.TEAM)


def find_only_portfolio(actor: Actor) -> UUID | None:
    """The programme of someone who reads its portfolio and nothing else."""
    return _only_scope(actor, programmes.PORTFOLIO_READERS)


def is_only_juror(actor: Actor) -> bool:
    """Whether somebody is on juries and nothing else."""
    return bool(actor.roles) and all(roles == {Role.JUROR} for roles in actor.roles.values())


def has_home(actor: Actor) -> bool:
    """Whether `/` is a page of its own for this person, and not the one place they may open."""
    only = find_only_project(actor) is not None or find_only_portfolio(actor) is not None
    return not only and not is_only_juror(actor)


def _only_scope(actor: Actor, roles: tuple[Role, ...]) -> UUID | None:
    scopes = actor.scopes_with(*Role)
    alone = len(scopes) == 1 and actor.roles[scopes[0]].issubset(roles)
    return scopes[0] if alone else None


def is_in_own_project(actor: Actor) -> ColumnElement[bool]:
    return Project.id.in_(actor.scopes_with(*programmes.TEAM))


def is_in_reviewed_project(actor: Actor) -> ColumnElement[bool]:
    return Project.id.in_(actor.scopes_with(*programmes.REVIEWERS))


def is_on_team(actor: Actor) -> bool:
    return bool(actor.scopes_with(*programmes.TEAM))


def reads_portfolio(actor: Actor) -> bool:
    return bool(actor.scopes_with(*programmes.PORTFOLIO_READERS))


def is_juror(actor: Actor) -> bool:
    return bool(actor.scopes_with(Role.JUROR))


def can_answer_help_requests(actor: Actor) -> bool:
    """Whether requests for help reach them: coaches and leads."""
    return is_coach(actor) or bool(actor.scopes_with(Role.PROGRAMME_LEAD))


def leads_programmes(actor: Actor) -> bool:
    return bool(actor.scopes_with(Role.PROGRAMME_LEAD))


def has_role(actor: Actor) -> bool:
    return bool(actor.roles)
