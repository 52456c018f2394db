"""The role in which a person works, as their browser remembers it."""

from portal.app.home import policy
from portal.app.home.policy import WorkplaceKind
from portal.platform.kernel.access import Actor
from portal.platform.web.cookies import read_cookie

WORKPLACE_COOKIE = "workplace"


def find_current_workplace(actor: Actor) -> WorkplaceKind | None:
    """Where the person last worked, else the first of their workplaces; None without any role."""
    return policy.choose_workplace(actor, read_cookie(WORKPLACE_COOKIE))
