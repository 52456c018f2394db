"""The list of open findings and ethics matters of all teams of a programme."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from portal.ethics.reviews.policy import can_read_register
from portal.oversight.open_issues import labels
from portal.oversight.open_issues.filter_rules import SeverityFilter
from portal.oversight.open_issues.page_views import IssuesPage, read_issues_page
from portal.oversight.portfolio.frame_views import Links, list_related_links
from portal.oversight.portfolio.tab_views import ViewTab
from portal.people.programmes.newcomer_labels import describe_awaited_team
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.rendering import render, wants_fragment
from portal.platform.web.urls import path_to

bp = Blueprint("concerns", __name__, url_prefix="/portfolio/concerns")


@bp.get("")
def index() -> Response:
    actor, zone = get_actor(), reader_time_zone()
    page = read_issues_page(actor, request.args, zone)
    return render(
        "oversight/open_issues/index.html",
        fragment="concerns",
        page=page,
        endpoint="concerns.index",
        heading=labels.heading(page.listed_programmes),
        ways=_list_related_links(actor, page),
        tabs=_list_tabs(page),
        is_fragment=wants_fragment(),
        labels=labels,
        awaited_team=""
        if page.overview.count_all
        else describe_awaited_team([each.id for each in page.listed_programmes]),
    )


def _list_related_links(actor: Actor, page: IssuesPage) -> tuple[Links, Links]:
    """The other pages about the teams; the file is that of this list."""
    programme = page.programme
    export = (_("Exporter cette liste"), path_to("concern_exports.export_issues", **page.in_url(1)))
    if page.is_all:
        return ((_("Liste des équipes"), path_to("portfolio.index")),), (export,)
    query, here = f"?{urlencode({'programme': programme.slug})}", path_to("concerns.index")
    ways, takes = list_related_links(actor, programme, query, here)
    register = (_("Registre des revues"), path_to("review_register.index", slug=programme.slug))
    return ways, (export, *((register,) if can_read_register(actor, programme) else ()), *takes[1:])


def _list_tabs(page: IssuesPage) -> tuple[ViewTab, ...]:
    """All teams, those where something is late, those with severe findings."""
    totals, narrowing = page.overview.totals, set(page.filters.narrowing)
    tabs: list[tuple[str, int, dict[str, Any]]] = [
        (_("Toutes"), page.overview.count_all, {}),
        (_("En retard"), totals.late_teams, {"overdue": 1}),
        (_("Constats graves"), totals.severe_teams, {"severity": SeverityFilter.SEVERE}),
    ]
    return tuple(
        ViewTab(
            label,
            count,
            path_to("concerns.index", programme=page.scope, **filters),
            set(filters) == narrowing,
        )
        for label, count, filters in tabs
    )
