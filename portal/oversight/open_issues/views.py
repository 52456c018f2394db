"""The list of open findings and ethics matters of all teams of a programme."""

from flask import Blueprint, Response, request

from portal.oversight.open_issues import labels
from portal.oversight.open_issues.page_views import read_issues_page
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.rendering import render

bp = Blueprint("concerns", __name__, url_prefix="/portfolio/concerns")


@bp.get("")
def index() -> Response:
    page = read_issues_page(get_actor(), request.args, reader_time_zone())
    return render(
        "oversight/open_issues/index.html",
        fragment="concerns",
        page=page,
        overview=page.overview,
        totals=page.overview.totals,
        programme=page.programme,
        filters=page.filters,
        labels=labels,
    )
