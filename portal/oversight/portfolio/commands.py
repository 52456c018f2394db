"""Save and drop views of a portfolio."""

from portal.oversight.portfolio import policy
from portal.oversight.portfolio.models import VIEWS_MAX, PortfolioView
from portal.oversight.portfolio.saved_view_queries import list_saved_views
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _

SAVED = audit.Action("portfolio_view.kept")
DROPPED = audit.Action("portfolio_view.dropped", ends=True)


def save_view(actor: Actor, programme: Programme, name: str, query: str, *, shared: bool) -> PortfolioView:
    """Save a query string of a portfolio that the actor may see. Raises `RuleBroken` on `name` or
    `shared`."""
    if shared and not policy.can_share_view(actor, programme):
        raise RuleBroken("shared", _("Seule la direction du programme partage une vue."))
    own = list_saved_views(actor, programme)
    if any(view.name == name for view in own):
        raise RuleBroken("name", _("Une vue porte déjà ce nom : choisissez-en un autre."))
    if len(own) >= VIEWS_MAX:
        raise RuleBroken("name", _("Vous en gardez déjà %(n)s : supprimez-en une.", n=VIEWS_MAX))
    row = PortfolioView(
        programme_id=programme.id, person_id=actor.person_id, name=name, query=query, is_shared=shared
    )
    db.session.add(row)
    flush_session()
    audit.record(actor, SAVED, row, scope_id=programme.id)
    return row


def drop_view(actor: Actor, view: PortfolioView) -> None:
    """Delete a saved view. Raises `NotAllowed`."""
    require(policy.can_drop_view(actor, view))
    audit.record(actor, DROPPED, view, scope_id=view.programme_id)
    db.session.delete(view)
    flush_session()
