"""The views of a portfolio that its tabs lead to: of all teams, of some of them, and saved ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from portal.oversight.portfolio import policy
from portal.oversight.portfolio.filter_labels import ATTENTION
from portal.oversight.portfolio.filter_rules import AttentionFilter
from portal.oversight.portfolio.page_views import PortfolioPage
from portal.oversight.portfolio.saved_view_queries import SavedView
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.urls import path_to
from portal.project.projects.models import ProjectState

SAVED_TABS_MAX = 3  # the others stand at the foot of the page


@dataclass(frozen=True)
class ViewTab:
    """A tab; `count` is that of its teams, None for a saved view that is not shown."""

    label: str
    count: int | None
    url: str
    is_current: bool


def list_tabs(
    actor: Actor, page: PortfolioPage, endpoint: str, views: Sequence[SavedView] = ()
) -> tuple[ViewTab, ...]:
    """The tabs of a page that shows the teams of the filters at an endpoint."""
    ranking, slug, on = page.portfolio.all, page.programme.slug, page.filters.on
    own = policy.count_coached_teams(actor, ranking.ids) if page.sees_all else 0
    tabs: list[tuple[str, int, dict[str, Any]]] = []
    if own:
        tabs.append((_("Mes équipes"), own, {"coach": actor.person_id}))
    help_wanted = {"attention": AttentionFilter.HELP}
    tabs.append((str(ATTENTION[AttentionFilter.HELP]), ranking.to_help, help_wanted))
    tabs.append((_("Toutes"), len(ranking.ids), {}))
    if ranking.stopped:
        tabs.append((_("Arrêtées"), ranking.stopped, {"state": ProjectState.STOPPED}))
    narrowing = {name: getattr(page.filters, name) for name in page.filters.narrowing}
    saved = page.in_url(1)
    query = urlencode(saved)
    return (
        *(
            ViewTab(label, count, path_to(endpoint, programme=slug, **filters, on=on), filters == narrowing)
            for label, count, filters in tabs
        ),
        *(
            ViewTab(
                view.name,
                page.portfolio.count if view.query == query else None,
                f"{path_to(endpoint)}?{view.query}",
                view.query == query,
            )
            for view in views[:SAVED_TABS_MAX]
        ),
    )
