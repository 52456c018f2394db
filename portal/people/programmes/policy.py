"""Permissions by role in the installation, programmes and projects.

Which roles read a *project* is defined here once, for all rows that belong to a project.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.people.accounts.models import PASSWORD_MIN, PASSWORD_MIN_ADMINISTRATOR
from portal.people.programmes.models import (
    INSTALLATION,
    Invitation,
    PolicyScope,
    Programme,
    RoleAssignment,
    Scope,
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
# Roles in a project that read all of it.
PROJECT_READERS = (*TEAM, Role.COACH, Role.ETHICS_REVIEWER)
# Roles in a programme that read its portfolio, but not its projects.
PORTFOLIO_READERS = (Role.PROGRAMME_LEAD, Role.OPERATOR, Role.OBSERVER)
# Roles in a programme that read the reports of its teams.
REPORT_READERS = (Role.PROGRAMME_LEAD, Role.OBSERVER)
# Roles in a programme that read its register of ethics reviews, or part of it.
REVIEW_READERS = (Role.PROGRAMME_LEAD, Role.ETHICS_REVIEWER, Role.OBSERVER)
# Roles that a programme lead may offer.
INVITED_BY_LEAD = (Role.COACH, Role.ETHICS_REVIEWER, Role.JUROR, Role.OPERATOR, Role.OBSERVER)
# Roles that are offered in each kind of scope; coaches and reviewers of a project come from its pool.
ROLES_OF_SCOPES: Mapping[ScopeKind, tuple[Role, ...]] = {
    ScopeKind.INSTALLATION: (Role.ADMINISTRATOR,),
    ScopeKind.PROGRAMME: (Role.PROGRAMME_LEAD, *INVITED_BY_LEAD),
    ScopeKind.PROJECT: TEAM,
}
# Roles in a programme whose holders may be assigned to its projects.
POOL = (Role.COACH, Role.ETHICS_REVIEWER)
PROGRAMME_LEAD = Role.PROGRAMME_LEAD  # who gives them
OPERATOR = Role.OPERATOR
TEAM_LEAD = Role.TEAM_LEAD
# Roles in a programme that organise and see all its group sessions.
ORGANISERS = (Role.PROGRAMME_LEAD, Role.COACH)
# Roles whose last holder cannot be removed.
NEVER_EMPTY = (Role.ADMINISTRATOR,)
# Roles whose last holder cannot leave.
HANDED_OVER = (Role.TEAM_LEAD,)
# Groups of roles of which a person may hold one per project: they judge each other's work.
INDEPENDENT_GROUPS = (frozenset(TEAM), frozenset({Role.COACH}), frozenset({Role.ETHICS_REVIEWER}))


def project_read_condition(
    actor: Actor, scope_id: InstrumentedAttribute[object] | ColumnElement[object]
) -> ColumnElement[bool]:
    """Return the condition on rows whose project the actor reads, by the column of its scope."""
    return _scope_read_condition(scope_id, actor.scopes_with(*PROJECT_READERS), _led_programme_ids(actor))


def precompiled_project_read_condition(
    scope_id: InstrumentedAttribute[object] | ColumnElement[object],
) -> ColumnElement[bool]:
    """Return the same condition for a statement compiled once; `project_read_parameters` binds it."""
    joined: BindParameter[UUID] = bindparam("scopes_joined", expanding=True)
    return _scope_read_condition(scope_id, joined, bindparam("scopes_led", expanding=True))


def _scope_read_condition(scope_id: Any, joined: Any, led: Any) -> ColumnElement[bool]:
    if led == ():
        condition: ColumnElement[bool] = scope_id.in_(joined)
        return condition
    # Correlated by primary key: a programme may have thousands of projects.
    in_programme = exists().where(_parent.id == scope_id, _parent.parent_id.in_(led))
    return or_(scope_id.in_(joined), in_programme.correlate_except(_parent))


_parent = aliased(Scope)  # an alias costs more than the rest of the condition


def _led_programme_ids(actor: Actor) -> tuple[UUID, ...]:
    return actor.scopes_with(Role.PROGRAMME_LEAD)


def project_read_parameters(actor: Actor) -> Mapping[str, tuple[UUID, ...]]:
    """Return the parameters of `precompiled_project_read_condition` for an actor."""
    return {"scopes_joined": actor.scopes_with(*PROJECT_READERS), "scopes_led": _led_programme_ids(actor)}


def can_read_project(actor: Actor, scope: Scope | PolicyScope) -> bool:
    """Tell whether the actor reads the project of a scope."""
    return actor.has_role_in(*PROJECT_READERS, in_=scope.id) or (
        scope.parent_id is not None and actor.has_role_in(Role.PROGRAMME_LEAD, in_=scope.parent_id)
    )


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on programmes with a role of the actor, there or in a project; none whose
    content left."""
    scope_ids = actor.scopes_with(*Role)
    if INSTALLATION in scope_ids:
        return Programme.left_at.is_(None)
    parent_ids = select(Scope.parent_id).where(Scope.id.in_(scope_ids), Scope.kind == ScopeKind.PROJECT)
    return and_(Programme.left_at.is_(None), or_(Programme.id.in_(scope_ids), Programme.id.in_(parent_ids)))


def can_open_portfolio(actor: Actor) -> bool:
    """Tell whether the actor reads the portfolio of any programme."""
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
    """Tell whether the actor reads the programme's portfolio."""
    return actor.has_role_in(*PORTFOLIO_READERS, in_=programme.id)


def can_read_reports(actor: Actor, programme: Programme) -> bool:
    """Tell whether the actor reads the reports of the programme's teams."""
    return actor.has_role_in(*REPORT_READERS, in_=programme.id)


def can_read_reviews(actor: Actor, programme: Programme) -> bool:
    """Tell whether the actor reads the programme's register of ethics reviews."""
    return actor.has_role_in(*REVIEW_READERS, in_=programme.id)


def can_see_people(actor: Actor, programme: Programme) -> bool:
    """Tell whether the actor sees who holds which role in the programme itself."""
    return can_edit_programme(actor, programme)


def roles_to_invite(actor: Actor, scope: Scope) -> tuple[Role, ...]:
    """Return the roles that the actor may offer in a scope, the most frequent first."""
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


def can_invite_from_list(actor: Actor, scope: Scope, role: Role) -> bool:
    """Tell whether the actor may offer a role from a list: administrators, any that a scope has."""
    return can_administer(actor) and role in ROLES_OF_SCOPES[scope.kind]


def can_revoke_invitation(actor: Actor, scope: Scope, invitation: Invitation) -> bool:
    return invitation.role in roles_to_invite(actor, scope)


def can_assign_from_pool(actor: Actor, scope: Scope, role: Role) -> bool:
    """Tell whether the actor may assign a role in a project to a holder in its programme."""
    in_project = scope.kind is ScopeKind.PROJECT and role in POOL
    return (
        in_project
        and scope.parent_id is not None
        and actor.has_role_in(Role.PROGRAMME_LEAD, in_=scope.parent_id)
    )


def can_end_role(actor: Actor, scope: Scope, assignment: RoleAssignment) -> bool:
    """Tell whether the actor may end a role: whoever may give it, and administrators."""
    return (
        can_administer(actor)
        or can_invite(actor, scope, assignment.role)
        or can_assign_from_pool(actor, scope, assignment.role)
    )


def breaks_independence(current_roles: frozenset[Role], new_role: Role) -> bool:
    """Tell whether a new role in a project is incompatible with the roles held there."""
    own_groups = [group for group in INDEPENDENT_GROUPS if new_role in group]
    return any(
        current_roles & other for group in own_groups for other in INDEPENDENT_GROUPS if other is not group
    )


def list_already_held_team_roles(current_roles: frozenset[Role], new_role: Role) -> frozenset[Role]:
    """Return the team roles that a person holds already, if the new one is a team role too."""
    return current_roles & frozenset(TEAM) if new_role in TEAM else frozenset()


def is_role_for_invited_address_only(role: Role) -> bool:
    """Tell whether only the invited address may accept an invitation to the role."""
    return role in NEVER_EMPTY


def min_password_length_for(role: Role) -> int:
    """Return the minimum password length, in characters, of an account opened for this role."""
    return PASSWORD_MIN_ADMINISTRATOR if role is Role.ADMINISTRATOR else PASSWORD_MIN
