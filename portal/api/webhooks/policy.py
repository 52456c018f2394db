"""Permissions on webhooks. No other file decides them."""

from portal.people.programmes.models import Scope, ScopeKind
from portal.platform.kernel.access import Actor, Role


def can_manage(actor: Actor, scope: Scope) -> bool:
    """The leads of a programme and, for their project alone, of a team."""
    if scope.kind is ScopeKind.INSTALLATION:
        return False
    if actor.has_role_in(Role.PROGRAMME_LEAD, in_=scope.id):
        return True
    if scope.kind is not ScopeKind.PROJECT or scope.parent_id is None:
        return False
    return actor.has_role_in(Role.TEAM_LEAD, in_=scope.id) or actor.has_role_in(
        Role.PROGRAMME_LEAD, in_=scope.parent_id
    )


def list_led_scopes(actor: Actor) -> tuple[object, ...]:
    """The scopes whose webhooks the actor manages by a role in them."""
    return actor.scopes_with(Role.PROGRAMME_LEAD, Role.TEAM_LEAD)
