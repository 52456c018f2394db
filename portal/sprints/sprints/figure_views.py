"""The page of a project's figures: burndown, velocity, cycle time, and the forecast."""

from flask import Blueprint, Response, request
from flask_babel import get_timezone

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import render
from portal.project.projects.queries import get_project
from portal.sprints.sprints import charts, labels, policy
from portal.sprints.sprints.figure_queries import read_figures
from portal.sprints.sprints.models import NUMBER_MAX

bp = Blueprint("sprint_figures", __name__, url_prefix="/projects/<slug>/figures")

MEASURES = {"points": True, "items": False}


@bp.get("")
def page(slug: str) -> Response:
    project = get_project(actor, slug)
    zone = str(get_timezone())
    sprint_arg, measure = request.args.get("sprint", ""), request.args.get("measure", "")
    number = (
        int(sprint_arg) if sprint_arg.isascii() and sprint_arg.isdecimal() and len(sprint_arg) < 5 else None
    )
    figures = read_figures(
        actor,
        project,
        zone,
        number=number if number and 0 < number <= NUMBER_MAX else None,
        in_points=MEASURES.get(measure),
    )
    selected_number = str(figures.selected_sprint.number) if figures.selected_sprint else ""
    ignored = [
        name
        for name, is_valid in (
            (_("Un autre sprint"), sprint_arg in {"", selected_number}),
            (_("Mesure"), measure in {"", *MEASURES}),
        )
        if not is_valid
    ]
    return render(
        "sprints/sprints/figures.html",
        fragment="figures",
        project=project,
        figures=figures,
        ignored=ignored,
        sees_pace=policy.can_see_pace(actor, project),
        sees_forecast=policy.can_see_forecast(actor, project),
        zone=zone,
        charts=charts,
        labels=labels,
    )
