"""Page: how the dates of a project's gates are forecast, with its own figures."""

from flask import Blueprint, Response

from portal.oversight.gates import forecast_labels
from portal.oversight.gates.forecast_rules import PASSED_MIN, STEPS_MIN
from portal.oversight.gates.navigation_views import build_gates_trail
from portal.oversight.health.forecast_queries import find_forecast_basis
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import render
from portal.platform.web.template_filters import day
from portal.project.projects.queries import get_project

bp = Blueprint("gate_forecast", __name__, url_prefix="/projects/<slug>/gates/forecast")


@bp.get("")
def page(slug: str) -> Response:
    """Show the method in plain words, the figures of the team, and the back-test."""
    project = get_project(actor, slug)
    method = cache_until_change(actor, ("forecast method", project.id), lambda: find_forecast_basis(project))
    forecasts = method.forecasts if method else ()
    return render(
        "oversight/health/forecast.html",
        project=project,
        method=method,
        periods={
            forecast.number: forecast_labels.expected_date_label(forecast, day) for forecast in forecasts
        },
        passed_min=PASSED_MIN,
        steps_min=STEPS_MIN,
        labels=forecast_labels,
        trail=build_gates_trail(project),
    )
