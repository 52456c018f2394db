"""The views of a portfolio that people kept: reading them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select

from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.portfolio import policy
from portal.portfolio.models import PortfolioView
from portal.programmes.models import Programme


@dataclass(frozen=True)
class View:
    """A view as a page lists it; `drops`: its reader may drop it."""

    id: UUID
    name: str
    query: str
    is_shared: bool
    drops: bool


def list_views(actor: Actor, programme: Programme) -> Sequence[View]:
    """One's own, and those that leads share where the actor leads; by name."""
    mine = PortfolioView.person_id == actor.person_id
    if policy.can_share_view(actor, programme):
        mine = or_(mine, PortfolioView.is_shared)
    chosen = select(PortfolioView).where(and_(PortfolioView.programme_id == programme.id, mine))
    found = db.session.scalars(chosen.order_by(PortfolioView.name, PortfolioView.id))
    return [
        View(one.id, one.name, one.query, one.is_shared, policy.can_drop_view(actor, one))
        for one in found
    ]


def get_view(actor: Actor, view_id: UUID) -> PortfolioView:
    """One that the actor may drop. Raises `NotFound`."""
    found = db.session.scalar(select(PortfolioView).where(PortfolioView.id == view_id))
    if found is None or not policy.can_drop_view(actor, found):
        raise NotFound
    return found
