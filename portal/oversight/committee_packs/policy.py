"""Who has a committee pack made, and who reads it. No other file decides this.

A pack says what the portfolio and the gates say, and names nobody. A lead makes it for the
committee, in which operators and observers sit: all who read the programme's portfolio read it.
"""

from typing import Any

from portal.oversight.committee_packs.models import CommitteePack
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor


def visible_to(actor: Actor) -> Any:
    """Packs, by their programme."""
    within = actor.scopes_with(*programmes.PORTFOLIO_READERS)
    return CommitteePack.programme_id.in_(within)


def can_read(actor: Actor, programme: Programme) -> bool:
    return programmes.can_read_portfolio(actor, programme)


def can_make(actor: Actor, programme: Programme) -> bool:
    return programmes.can_lead(actor, programme)
