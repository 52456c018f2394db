"""Who holds which role where, and what that opens. No other file decides this.

What the roles open in a *project* is decided here once, because everything that attaches to a
project asks the same question.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.people.accounts.models import PASSWORD_MIN, PASSWORD_MIN_ADMINISTRATOR
from portal.people.programmes.models import (
    INSTALLATION,
    Invitation,
    Programme,
    RoleAssignment,
    Scope,
    ScopeBounds,
    ScopeKind,
)
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

ROLE_LABELS: dict[Role, LazyString] = {
    Role.TEAM_MEMBER: _l("Membre de l’équipe"),
    Role.TEAM_LEAD: _l("Porteur de projet"),
    Role.COACH: _l("Coach"),
    Role.ETHICS_REVIEWER: _l("Relecteur éthique"),
    Role.PROGRAMME_LEAD: _l("Direction de programme"),
    Role.JUROR: _l("Membre du jury"),
    Role.OPERATOR: _l("Opérateur"),
    Role.OBSERVER: _l("Observateur"),
    Role.ADMINISTRATOR: _l("Administrateur"),
}

ADMINISTRATOR = Role.ADMINISTRATOR
TEAM = (Role.TEAM_MEMBER, Role.TEAM_LEAD)
COACHES = (Role.COACH,)
REVIEWERS = (Role.ETHICS_REVIEWER,)
# Held in a project, each of these reads all of it.
PROJECT_READERS = (*TEAM, Role.COACH, Role.ETHICS_REVIEWER)
# Held in a programme, each of these reads its portfolio, and nothing deeper by that alone.
PORTFOLIO_READERS = (Role.PROGRAMME_LEAD, Role.OPERATOR, Role.OBSERVER)
# Held in a programme, each of these reads what its teams report, once it is said to be over.
REPORT_READERS = (Role.PROGRAMME_LEAD, Role.OBSERVER)
# Held in a programme, each of these reads its register of ethics reviews, or a part of it.
REVIEW_READERS = (Role.PROGRAMME_LEAD, Role.ETHICS_REVIEWER, Role.OBSERVER)
# Whom a programme lead may bring in, and whom an administrator.
INVITED_BY_LEAD = (Role.COACH, Role.ETHICS_REVIEWER, Role.JUROR, Role.OPERATOR, Role.OBSERVER)
# Held in a programme, these make the pool from which its projects are served.
POOL = (Role.COACH, Role.ETHICS_REVIEWER)
# Who holds a programme's collective sessions, and sees all of them.
ORGANISERS = (Role.PROGRAMME_LEAD, Role.COACH)
# The installation would have nobody left to open it.
NEVER_EMPTY = (Role.ADMINISTRATOR,)
# Its last holder does not leave before somebody else has it.
HANDED_OVER = (Role.TEAM_LEAD,)
# In one project, nobody may hold two of these: each looks at the other's work.
INDEPENDENT_GROUPS = (frozenset(TEAM), frozenset({Role.COACH}), frozenset({Role.ETHICS_REVIEWER}))


def reads_project(
    actor: Actor, scope_id: InstrumentedAttribute[object] | ColumnElement[object]
) -> ColumnElement[bool]:
    """Rows whose project the actor reads in full, given the column that holds its scope."""
    return _reads_scope(scope_id, actor.scopes_with(*PROJECT_READERS), _led_programmes(actor))


def reads_project_bound(
    scope_id: InstrumentedAttribute[object] | ColumnElement[object],
) -> ColumnElement[bool]:
    """The same question for a statement that is made once: `reach_of` an actor fills it."""
    joined: BindParameter[UUID] = bindparam("scopes_joined", expanding=True)
    return _reads_scope(scope_id, joined, bindparam("scopes_led", expanding=True))


def _reads_scope(scope_id: Any, joined: Any, led: Any) -> ColumnElement[bool]:
    # By its own key: a programme may hold thousands of projects, and a page shows one.
    place = aliased(Scope)
    in_programme = exists().where(place.id == scope_id, place.parent_id.in_(led))
    return or_(scope_id.in_(joined), in_programme)


def _led_programmes(actor: Actor) -> tuple[UUID, ...]:
    return actor.scopes_with(Role.PROGRAMME_LEAD)


def reach_parameters(actor: Actor) -> Mapping[str, tuple[UUID, ...]]:
    """What `read_in` asks of an actor."""
    return {
        "scopes_joined": actor.scopes_with(*PROJECT_READERS),
        "scopes_led": _led_programmes(actor),
    }


def can_read_project(actor: Actor, scope: Scope | ScopeBounds) -> bool:
    """The same question about one project's scope."""
    return actor.has_role_in(*PROJECT_READERS, in_=scope.id) or (
        scope.parent_id is not None and actor.has_role_in(Role.PROGRAMME_LEAD, in_=scope.parent_id)
    )


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Programmes in which the actor holds a role, there or in a project of theirs."""
    own = actor.scopes_with(*Role)
    if INSTALLATION in own:
        return Programme.id.is_not(None)
    around = select(Scope.parent_id).where(Scope.id.in_(own), Scope.kind == ScopeKind.PROJECT)
    return or_(Programme.id.in_(own), Programme.id.in_(around))


def opens_portfolio(actor: Actor) -> bool:
    """Whether there is any portfolio this person reads."""
    return bool(actor.scopes_with(*PORTFOLIO_READERS, *COACHES))


def can_administer(actor: Actor) -> bool:
    return actor.has_role_in(Role.ADMINISTRATOR, in_=INSTALLATION)


def can_create_programme(actor: Actor) -> bool:
    return can_administer(actor)


def can_edit_programme(actor: Actor, programme: Programme) -> bool:
    return can_administer(actor) or can_lead(actor, programme)


def can_lead(actor: Actor, programme: Programme) -> bool:
    return actor.has_role_in(Role.PROGRAMME_LEAD, in_=programme.id)


def can_read_portfolio(actor: Actor, programme: Programme) -> bool:
    """All of its teams at once."""
    return actor.has_role_in(*PORTFOLIO_READERS, in_=programme.id)


def can_read_reports(actor: Actor, programme: Programme) -> bool:
    """What its teams report of work that is over."""
    return actor.has_role_in(*REPORT_READERS, in_=programme.id)


def can_read_reviews(actor: Actor, programme: Programme) -> bool:
    """The register of its ethics reviews."""
    return actor.has_role_in(*REVIEW_READERS, in_=programme.id)


def can_see_people(actor: Actor, programme: Programme) -> bool:
    """Who holds which role in the programme itself."""
    return can_edit_programme(actor, programme)


def roles_to_invite(actor: Actor, scope: Scope) -> tuple[Role, ...]:
    """The roles that the actor may offer in a scope, most usual first."""
    if scope.kind is ScopeKind.INSTALLATION:
        return (Role.ADMINISTRATOR,) if can_administer(actor) else ()
    if scope.kind is ScopeKind.PROGRAMME:
        lead = INVITED_BY_LEAD if actor.has_role_in(Role.PROGRAMME_LEAD, in_=scope.id) else ()
        return (*lead, *((Role.PROGRAMME_LEAD,) if can_administer(actor) else ()))
    leads_team = actor.has_role_in(Role.TEAM_LEAD, in_=scope.id)
    leads_programme = scope.parent_id is not None and actor.has_role_in(
        Role.PROGRAMME_LEAD, in_=scope.parent_id
    )
    return TEAM if leads_team or leads_programme else ()


def can_invite(actor: Actor, scope: Scope, role: Role) -> bool:
    return role in roles_to_invite(actor, scope)


def can_revoke(actor: Actor, scope: Scope, invitation: Invitation) -> bool:
    return invitation.role in roles_to_invite(actor, scope)


def can_assign(actor: Actor, scope: Scope, role: Role) -> bool:
    """Give a role in a project to someone who is already in the programme's pool."""
    in_project = scope.kind is ScopeKind.PROJECT and role in POOL
    return (
        in_project
        and scope.parent_id is not None
        and actor.has_role_in(Role.PROGRAMME_LEAD, in_=scope.parent_id)
    )


def can_end(actor: Actor, scope: Scope, assignment: RoleAssignment) -> bool:
    """Whoever may give a role may take it back; an administrator, any: people leave."""
    return (
        can_administer(actor)
        or can_invite(actor, scope, assignment.role)
        or can_assign(actor, scope, assignment.role)
    )


def breaks_independence(current_roles: frozenset[Role], new_role: Role) -> bool:
    """Whether a project's rule of independence stands between roles held there and one wanted."""
    kinds = [kind for kind in INDEPENDENT_GROUPS if new_role in kind]
    return any(
        current_roles & other for kind in kinds for other in INDEPENDENT_GROUPS if other is not kind
    )


def other_team_roles(current_roles: frozenset[Role], new_role: Role) -> frozenset[Role]:
    """The roles of the same team that a person holds already: another one is given knowingly."""
    return current_roles & frozenset(TEAM) if new_role in TEAM else frozenset()


def is_for_invitee_alone(role: Role) -> bool:
    """Whether an invitation to the role is for the address invited and no other account."""
    return role in NEVER_EMPTY


def min_password_length_for(role: Role) -> int:
    """How long a password asks whoever opens an account to take this role, in characters."""
    return PASSWORD_MIN_ADMINISTRATOR if role is Role.ADMINISTRATOR else PASSWORD_MIN
