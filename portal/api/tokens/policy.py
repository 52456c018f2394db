"""Permissions on access tokens. No other file decides them."""

from sqlalchemy import ColumnElement

from portal.api.tokens.models import ApiToken
from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """One's own tokens."""
    return ApiToken.person_id == actor.person_id


def can_revoke_all(actor: Actor) -> bool:
    """List and revoke everybody's tokens: the installation's administrators."""
    return programmes.can_administer(actor)
