"""The figures of a project: how its sprints went, and when the backlog may end."""

from flask import Blueprint, Response, request
from flask_babel import get_timezone

from portal.projects.queries import get_project
from portal.sprints import plots, policy
from portal.sprints.measures import read_figures
from portal.sprints.models import NUMBER_MAX
from portal.web.actor import current_actor as actor
from portal.web.render import render

bp = Blueprint("sprint_figures", __name__, url_prefix="/projects/<slug>/figures")

MEASURES = {"points": True, "items": False}


@bp.get("")
def page(slug: str) -> Response:
    project = get_project(actor, slug)
    zone = str(get_timezone())
    number = request.args.get("sprint", type=int)
    figures = read_figures(
        project,
        zone,
        number=number if number and 0 < number <= NUMBER_MAX else None,
        in_points=MEASURES.get(request.args.get("measure", "")),
    )
    return render(
        "sprints/figures.html",
        fragment="figures",
        project=project,
        figures=figures,
        sees_pace=policy.can_see_pace(actor, project),
        zone=zone,
        plots=plots,
    )
