"""Page: how the dates of a project's gates are forecast, with its own figures."""

from flask import Blueprint, Response

from portal.oversight.gates import forecast_labels
from portal.oversight.gates.forecast_rules import PASSED_MIN, STEPS_MIN
from portal.oversight.gates.navigation_views import trail_of
from portal.oversight.health.forecast_queries import read_method
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import render
from portal.project.projects.queries import get_project

bp = Blueprint("gate_forecast", __name__, url_prefix="/projects/<slug>/gates/forecast")


@bp.get("")
def page(slug: str) -> Response:
    """Show the method in plain words, the figures of the team, and the back-test."""
    project = get_project(actor, slug)
    return render(
        "oversight/health/forecast.html",
        project=project,
        method=read_method(project),
        passed_min=PASSED_MIN,
        steps_min=STEPS_MIN,
        labels=forecast_labels,
        trail=trail_of(project),
    )
