"""The way back to the portfolio as its reader left it: programme, filters, day and page."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Response

from portal.oversight.portfolio.page_views import PortfolioPage
from portal.platform.kernel.access import Actor
from portal.platform.web.cookies import read_cookie, set_cookie
from portal.platform.web.urls import path_to

_COOKIE = "portfolio"  # of its own: a GET that wrote the session would undo what others write meanwhile
_KEEPING_TIME = 12 * 3600  # seconds
_QUERY_MAX = 500  # characters: a cookie is small


def remember_portfolio_view(actor: Actor, page: PortfolioPage, response: Response) -> None:
    """Keep the view that is shown, for the reader's way back from a project of its programme."""
    query = urlencode(page.in_url(page.portfolio.page))
    value = _name_view(actor, page.programme.id) + (query if len(query) <= _QUERY_MAX else "")
    if read_cookie(_COOKIE) != value:
        set_cookie(response, _COOKIE, value, seconds=_KEEPING_TIME)


def build_return_path(actor: Actor, programme_id: UUID) -> str:
    """The path of the portfolio, with the view that the reader left where it was of this programme."""
    value, name = read_cookie(_COOKIE), _name_view(actor, programme_id)
    query = value.removeprefix(name) if value.startswith(name) else ""
    path = path_to("portfolio.index")
    return f"{path}?{query}" if query else path


def _name_view(actor: Actor, programme_id: UUID) -> str:
    """Whose view it is, in a browser that several people use, and of which programme."""
    return f"{actor.person_id.hex}.{programme_id.hex}."
