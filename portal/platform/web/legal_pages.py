"""The pages that a French public service must publish: accessibility, legal notice, privacy."""

from flask import Blueprint, Response, current_app
from flask_babel import format_timedelta

from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.retention import RetentionTermReader
from portal.platform.kernel.version import version
from portal.platform.web.actor import find_actor
from portal.platform.web.rendering import render

bp = Blueprint("pages", __name__)


@bp.get("/accessibility")
def accessibility() -> Response:
    return render("platform/web/pages/accessibility.html")


@bp.get("/legal")
def legal() -> Response:
    return render("platform/web/pages/legal.html", version=version())


@bp.get("/privacy")
def privacy() -> Response:
    """The terms of retention in force are read from the database, the window of attempts from the limits."""
    terms = [term for reader in list_contributions(RetentionTermReader) for term in reader.read(find_actor())]
    longest = format_timedelta(current_app.extensions["longest_window"], threshold=1)
    return render("platform/web/pages/privacy.html", terms=terms, longest_window=longest)
