"""What findings and ethics ask of a lead, in all teams of a programme."""

from flask import Blueprint, Response, request

from portal.concerns import words
from portal.concerns.sight import read_issues_page
from portal.platform.web.actor import get_actor
from portal.platform.web.rendering import render
from portal.portfolio.views import time_zone

bp = Blueprint("concerns", __name__, url_prefix="/portfolio/concerns")


@bp.get("")
def index() -> Response:
    sight = read_issues_page(get_actor(), request.args, time_zone())
    return render(
        "concerns/index.html",
        fragment="concerns",
        sight=sight,
        overview=sight.overview,
        totals=sight.overview.totals,
        programme=sight.programme,
        filters=sight.filters,
        words=words,
    )
