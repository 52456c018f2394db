"""Who requests committee packs, and who reads them.

A pack holds what the portfolio and the gates show, what the financial report counts, and calls whose
page is public, with their number of applications; it names nobody. A lead requests it for the
committee of operators and observers: whoever reads the programme's portfolio reads its packs.
"""

from typing import Any

from portal.oversight.committee_packs.models import CommitteePack
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor


def visible_to(actor: Actor) -> Any:
    """The condition for packs of the programmes whose portfolio the actor reads."""
    programme_ids = actor.scopes_with(*programmes.PORTFOLIO_READERS)
    return CommitteePack.programme_id.in_(programme_ids)


def can_read(actor: Actor, programme: Programme) -> bool:
    return programmes.can_read_portfolio(actor, programme)


def can_make(actor: Actor, programme: Programme) -> bool:
    return programmes.can_lead(actor, programme)
