"""All teams over the months of their programme; and up to four of them side by side."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.portfolio import news_words, plots, timeline, words
from portal.portfolio.queries import tell_changes
from portal.portfolio.sight import Sight, look
from portal.portfolio.teams import Team
from portal.portfolio.views import time_zone
from portal.projects.latest import find_before
from portal.web.actor import the_actor
from portal.web.render import render

bp = Blueprint("portfolio_figures", __name__, url_prefix="/portfolio")
COMPARED = 4
FIRST = timedelta(days=7)  # looked back on a first visit


@bp.get("/timeline")
def months() -> Response:
    """The teams that the filters let through, with when their gates were planned, passed or are
    expected."""
    sight = look(the_actor(), request.args, time_zone())
    axis = timeline.axis_of(sight.programme)
    day = sight.filters.on or clock.today()
    told = timeline.months_of(sight.programme, sight.portfolio.all.ids, day)
    return render(
        "portfolio/timeline.html",
        **_around(sight),
        axis=axis,
        now=axis.x(day),
        lines=timeline.lines_of(sight.portfolio.teams, sight.portfolio.cohort, axis),
        chart=plots.evolution(told) if len(told) > 1 else None,
    )


@bp.get("/compare")
def compare() -> Response:
    """Up to four teams of the programme, by their slugs, whichever pages they are on."""
    actor, zone = the_actor(), time_zone()
    sight = look(actor, request.args, zone)
    asked = list(dict.fromkeys(request.args.getlist("team")))
    chosen = asked[:COMPARED]
    teams: Sequence[Team] = ()
    if chosen:
        of_them = {"programme": sight.programme.slug, "teams": ",".join(chosen)}
        on = {"on": str(sight.filters.on)} if sight.filters.on else {}
        found = look(actor, of_them | on, zone)
        teams = () if found.ignored else found.portfolio.teams
    shown = {one.slug for one in sight.portfolio.teams}

    def url_of(number: int) -> str:
        return url_for(".compare", **sight.in_url(number), team=[one.slug for one in teams])

    return render(
        "portfolio/compare.html",
        **_around(sight),
        teams=teams,
        chosen=[one.slug for one in teams],
        elsewhere=[one for one in teams if one.slug not in shown],
        too_many=len(asked) > COMPARED,
        url_of=url_of,
    )


@bp.get("/since")
def since() -> Response:
    """What changed in all teams since the reader's visit before this one."""
    actor = the_actor()
    sight = look(actor, request.args, time_zone())
    moment = find_before(actor) or clock.now() - FIRST
    ids = sight.portfolio.all.ids
    told = tell_changes(actor, ids, moment, time_zone())
    return render(
        "portfolio/since.html", **_around(sight), told=told, moment=moment, news=news_words
    )


def _around(sight: Sight) -> dict[str, Any]:
    return {"sight": sight, "words": words, "crumb": _("Portefeuille")}
