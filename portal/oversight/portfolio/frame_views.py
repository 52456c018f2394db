"""The frame of all pages about a programme's teams: head with menus, tabs, filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from portal.oversight.portfolio import charts, labels, line_labels
from portal.oversight.portfolio.page_views import CACHE_SIZE, PortfolioPage
from portal.oversight.portfolio.saved_view_queries import SavedView
from portal.oversight.portfolio.tab_views import list_tabs
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.urls import path_to

Links = tuple[tuple[str, str], ...]  # label and path


@dataclass(frozen=True)
class _FrameCacheKey:
    page: PortfolioPage
    endpoint: str
    views: tuple[SavedView, ...]
    person_id: UUID
    language: str
    today: date
    actor: Actor = field(compare=False)


def build_frame_context(
    actor: Actor, page: PortfolioPage, endpoint: str, views: Sequence[SavedView] = ()
) -> Mapping[str, Any]:
    """What the head, the tabs and the filters show, on the page of an endpoint. Cached as long as the
    page is."""
    language, today = in_reader_language("fr", "en"), clock.today(reader_time_zone())
    return _build_frame(_FrameCacheKey(page, endpoint, tuple(views), actor.person_id, language, today, actor))


@lru_cache(maxsize=CACHE_SIZE)
def _build_frame(query: _FrameCacheKey) -> Mapping[str, Any]:
    actor, page = query.actor, query.page
    return {
        "page": page,
        "endpoint": query.endpoint,
        "heading": labels.heading_without_figures(page.programme, page.outside)
        if page.outside
        else labels.heading(
            page.programme,
            len(page.portfolio.all.ids),
            page.filters.on or query.today,
            page.cohort.later_teams if page.cohort else 0,
        ),
        "yesterday": query.today - timedelta(days=1),
        "ways": list_related_links(
            actor, page.programme, f"?{urlencode(page.in_url(1))}", path_to(query.endpoint)
        ),
        "tabs": list_tabs(actor, page, query.endpoint, query.views),
        "is_kept": any(view.query == urlencode(page.in_url(1)) for view in query.views),
        "labels": labels,
        "lines": line_labels,
        "charts": charts,
    }


def list_related_links(actor: Actor, programme: Programme, query: str, here: str) -> tuple[Links, Links]:
    """The pages about the teams of a programme beside the one at `here`, a path, and what its reader takes
    away from it."""
    slug = programme.slug
    ways = [
        (_("Liste des équipes"), path_to("portfolio.index") + query),
        (_("Calendrier des jalons"), path_to("portfolio_figures.timeline") + query),
        (_("Comparer des équipes"), path_to("portfolio_figures.compare") + query),
        (_("Tests et éthique"), path_to("concerns.index", programme=slug)),
        (_("Ce qui a changé"), path_to("portfolio_figures.changes_since", programme=slug)),
    ]
    takes = [(_("Exporter les équipes"), path_to("extracts.export_portfolio", slug=slug) + query)]
    if programmes.can_read_reports(actor, programme):
        takes += [
            (_("Dossiers de comité"), path_to("packs.index", slug=slug)),
            (_("Comités et relevés de décisions"), path_to("committees.index", slug=slug)),
            (_("Rapports de test"), path_to("test_reports.index", slug=slug)),
        ]
    return tuple(way for way in ways if way[1].partition("?")[0] != here), tuple(takes)
