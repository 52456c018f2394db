"""Who administers the installation: its administrators, which opens no project to them."""

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound


def can_administer(actor: Actor) -> bool:
    return programmes.can_administer(actor)


def require_administrator(actor: Actor) -> None:
    """Raise `NotFound` for anybody else: the pages of administration do not exist for them."""
    if not can_administer(actor):
        raise NotFound
