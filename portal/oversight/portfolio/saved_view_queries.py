"""Read the saved views of a portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select

from portal.oversight.portfolio import policy
from portal.oversight.portfolio.models import PortfolioView
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound


@dataclass(frozen=True)
class SavedView:
    """A view in a list; `can_drop`: its reader may delete it."""

    id: UUID
    name: str
    query: str
    is_shared: bool
    can_drop: bool


def list_saved_views(actor: Actor, programme: Programme) -> Sequence[SavedView]:
    """The actor's own views, and shared ones where the actor leads the programme; by name."""
    is_visible = PortfolioView.person_id == actor.person_id
    if policy.can_share_view(actor, programme):
        is_visible = or_(is_visible, PortfolioView.is_shared)
    statement = select(PortfolioView).where(and_(PortfolioView.programme_id == programme.id, is_visible))
    views = db.session.scalars(statement.order_by(PortfolioView.name, PortfolioView.id))
    return [
        SavedView(view.id, view.name, view.query, view.is_shared, policy.can_drop_view(actor, view))
        for view in views
    ]


def get_deletable_view(actor: Actor, view_id: UUID) -> PortfolioView:
    """A view that the actor may delete. Raises `NotFound`."""
    view = db.session.scalar(select(PortfolioView).where(PortfolioView.id == view_id))
    if view is None or not policy.can_drop_view(actor, view):
        raise NotFound
    return view
