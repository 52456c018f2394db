"""The way back to the portfolio as its reader left it: programme, filters, day and page."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Response

from portal.oversight.portfolio.page_views import PortfolioPage
from portal.platform.kernel.access import Actor
from portal.platform.web.cookies import read_cookie, set_cookie
from portal.platform.web.urls import path_to

# Not in the session: a slow reading that ended after an act would put the session before the act back.
_COOKIE = "portfolio"
_SECONDS = 24 * 3600
_QUERY_MAX = 500  # characters: a cookie is small


def remember_portfolio_view(actor: Actor, response: Response, page: PortfolioPage) -> None:
    """Keep the view that is shown, for the way back of the same person from a project of its programme."""
    query = urlencode(page.in_url(page.portfolio.page))
    view = _view_prefix(actor, page.programme.id) + (query if len(query) <= _QUERY_MAX else "")
    if read_cookie(_COOKIE) != view:
        set_cookie(response, _COOKIE, view, seconds=_SECONDS)


def build_return_path(actor: Actor, programme_id: UUID, slug: str) -> str:
    """The path of the portfolio of this programme, with the view that the actor left where it was of it."""
    left, prefix = read_cookie(_COOKIE), _view_prefix(actor, programme_id)
    query = left.removeprefix(prefix) if left.startswith(prefix) else ""
    return f"{path_to('portfolio.index')}?{query or urlencode({'programme': slug})}"


def _view_prefix(actor: Actor, programme_id: UUID) -> str:
    return f"{actor.person_id.hex}.{programme_id.hex}."
