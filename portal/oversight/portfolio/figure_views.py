"""All teams over the months of their programme; and up to four of them side by side."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.oversight.portfolio import change_labels, charts, labels, timeline_queries
from portal.oversight.portfolio.page_queries import PortfolioPage, read_page
from portal.oversight.portfolio.queries import list_team_changes
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.oversight.portfolio.views import time_zone
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor
from portal.platform.web.rendering import render
from portal.project.projects.visit_commands import find_previous_visit

bp = Blueprint("portfolio_figures", __name__, url_prefix="/portfolio")
COMPARED_MAX = 4
FIRST_VISIT_PERIOD = timedelta(days=7)  # looked back on a first visit


@bp.get("/timeline")
def months() -> Response:
    """The teams that the filters let through, with when their gates were planned, passed or are
    expected."""
    sight = read_page(get_actor(), request.args, time_zone())
    axis = timeline_queries.build_axis(sight.programme)
    day = sight.filters.on or clock.today()
    figures = timeline_queries.read_months(sight.programme, sight.portfolio.all.ids, day)
    return render(
        "oversight/portfolio/timeline.html",
        **_page_context(sight),
        axis=axis,
        now=axis.x(day),
        lines=timeline_queries.build_lines(sight.portfolio.teams, sight.portfolio.cohort, axis),
        chart=charts.progress_chart(figures) if len(figures) > 1 else None,
    )


@bp.get("/compare")
def compare() -> Response:
    """Up to four teams of the programme, by their slugs, whichever pages they are on."""
    actor, zone = get_actor(), time_zone()
    sight = read_page(actor, request.args, zone)
    requested_slugs = list(dict.fromkeys(request.args.getlist("team")))
    compared_slugs = requested_slugs[:COMPARED_MAX]
    teams: Sequence[PortfolioTeam] = ()
    if compared_slugs:
        of_them = {"programme": sight.programme.slug, "teams": ",".join(compared_slugs)}
        on = {"on": str(sight.filters.on)} if sight.filters.on else {}
        comparison = read_page(actor, of_them | on, zone)
        teams = () if comparison.ignored else comparison.portfolio.teams
    page_slugs = {team.slug for team in sight.portfolio.teams}

    def url_of(number: int) -> str:
        return url_for(".compare", **sight.in_url(number), team=[team.slug for team in teams])

    return render(
        "oversight/portfolio/compare.html",
        **_page_context(sight),
        teams=teams,
        chosen=[team.slug for team in teams],
        elsewhere=[team for team in teams if team.slug not in page_slugs],
        too_many=len(requested_slugs) > COMPARED_MAX,
        url_of=url_of,
    )


@bp.get("/since")
def since() -> Response:
    """What changed in all teams since the reader's visit before this one."""
    actor = get_actor()
    sight = read_page(actor, request.args, time_zone())
    moment = find_previous_visit(actor) or clock.now() - FIRST_VISIT_PERIOD
    ids = sight.portfolio.all.ids
    changes = list_team_changes(actor, ids, moment, time_zone())
    return render(
        "oversight/portfolio/since.html",
        **_page_context(sight),
        told=changes,
        moment=moment,
        news=change_labels,
    )


def _page_context(sight: PortfolioPage) -> dict[str, Any]:
    return {"sight": sight, "words": labels, "crumb": _("Portefeuille")}
