"""One page: all the teams of a programme, those that need attention first."""

from flask import Blueprint, Response, request

from portal.gatherings import policy as gatherings
from portal.kernel import clock
from portal.kernel.clock import DEFAULT_ZONE
from portal.portfolio import words
from portal.portfolio.sight import look, read_news
from portal.programmes import policy as programmes
from portal.web.actor import find_reader, the_actor
from portal.web.render import render

bp = Blueprint("portfolio", __name__)


def time_zone() -> str:
    """Where the reader's days begin."""
    reader = find_reader()
    return reader.time_zone if reader else DEFAULT_ZONE


@bp.get("/portfolio")
def index() -> Response:
    actor, zone = the_actor(), time_zone()
    sight = look(actor, request.args, zone)
    news = read_news(actor, sight)
    teams = len(sight.portfolio.all.ids)
    return render(
        "portfolio/index.html",
        fragment="portfolio",
        sight=sight,
        heading=words.heading(sight.programme, teams, sight.filters.on or clock.today(zone)),
        seen_at=clock.now(),
        unread=news.unread,
        mentions=news.mentions,
        can_meet=gatherings.can_organise(actor, sight.programme),
        can_read_reports=programmes.can_read_reports(actor, sight.programme),
        words=words,
    )
