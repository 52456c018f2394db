"""One page: all the teams of a programme, those that need attention first."""

from flask import Blueprint, Response, request

from portal.discussions.queries import count_unread_by_scope, list_mentions
from portal.kernel import clock
from portal.kernel.clock import DEFAULT_ZONE
from portal.portfolio import words
from portal.portfolio.sight import look
from portal.web.actor import find_reader, the_actor
from portal.web.render import render

bp = Blueprint("portfolio", __name__)

MENTIONS = 5


def time_zone() -> str:
    """Where the reader's days begin."""
    reader = find_reader()
    return reader.time_zone if reader else DEFAULT_ZONE


@bp.get("/portfolio")
def index() -> Response:
    actor, zone = the_actor(), time_zone()
    sight = look(actor, request.args, zone)
    unread = count_unread_by_scope(actor, sight.opened) if sight.opened else {}
    mentions = list_mentions(actor, MENTIONS) if sight.opened else []
    return render(
        "portfolio/index.html",
        fragment="portfolio",
        sight=sight,
        heading=words.heading(sight.programme, len(sight.portfolio.all.ids), clock.today(zone)),
        seen_at=clock.now(),
        unread=tuple(sorted((id_, count) for id_, count in unread.items() if count)),
        mentions=[one for one in mentions if one.is_new],
        words=words,
    )
