"""The way back to the portfolio as its reader left it: programme, filters, day and page."""

from urllib.parse import urlencode
from uuid import UUID

from flask import session

from portal.oversight.portfolio.page_views import PortfolioPage
from portal.platform.web.urls import path_to

_LEFT = "portfolio"  # in the browser's signed session, which a sign-in empties
_QUERY_MAX = 500  # characters: a cookie is small


def remember_portfolio_view(page: PortfolioPage) -> None:
    """Keep the view that is shown, for the way back from a project of its programme."""
    query = urlencode(page.in_url(page.portfolio.page))
    left = [page.programme.id.hex, query if len(query) <= _QUERY_MAX else ""]
    if session.get(_LEFT) != left:
        session[_LEFT] = left


def build_return_path(programme_id: UUID) -> str:
    """The path of the portfolio, with the view that was left where it was of this programme."""
    programme, query = session.get(_LEFT) or ("", "")
    path = path_to("portfolio.index")
    return f"{path}?{query}" if query and programme == programme_id.hex else path
