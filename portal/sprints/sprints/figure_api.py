"""The operation on a project's figures: what their page shows."""

from datetime import UTC
from typing import Any

from portal.platform.kernel.errors import NotFound
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.queries import get_project
from portal.sprints.backlog.flow_rules import BurndownPoint
from portal.sprints.sprints import policy
from portal.sprints.sprints.figure_queries import ProjectSprintFigures, read_figures
from portal.sprints.sprints.figure_rules import StartedSprint
from portal.sprints.sprints.figure_schemas import FigureMeasure, FigureQuerySchema, ProjectFiguresSchema

area = ApiArea("sprints")


@area.get("/projects/<slug>/figures", ProjectFiguresSchema, query=FigureQuerySchema)
def get_project_figures(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read the figures of a project: burndown of a sprint, sprint after sprint, velocity, forecast."""
    project = get_project(call.actor, slug)
    number, measure = call.query.get("sprint"), call.query.get("measure")
    in_points = None if measure is None else measure is FigureMeasure.POINTS
    figures = read_figures(call.actor, project, reader_time_zone(), number=number, in_points=in_points)
    selected = figures.selected_sprint
    if number is not None and (selected is None or selected.number != number):
        raise NotFound
    return _describe_figures(
        figures,
        shows_pace=policy.can_see_pace(call.actor, project),
        shows_forecast=policy.can_see_forecast(call.actor, project),
    )


def _describe_figures(
    figures: ProjectSprintFigures, *, shows_pace: bool, shows_forecast: bool
) -> dict[str, Any]:
    return {
        "read_at": figures.at,
        "measure": FigureMeasure.POINTS if figures.in_points else FigureMeasure.ITEMS,
        "sprint": figures.selected_sprint and figures.selected_sprint.number,
        "burndown": [_describe_point(point) for point in figures.burndown],
        "sprints": [_describe_sprint(sprint, shows_pace=shows_pace) for sprint in figures.started],
        "states": figures.state_counts,
        "shows_pace": shows_pace,
        "velocity": figures.velocity if shows_pace else None,
        "forecast": figures.forecast if shows_forecast else None,
    }


def _describe_point(point: BurndownPoint) -> dict[str, Any]:
    amounts = {name: getattr(point, name) for name in ("scope", "completed", "remaining", "added", "removed")}
    return amounts | {"at": point.at.astimezone(UTC)}


def _describe_sprint(sprint: StartedSprint, *, shows_pace: bool) -> dict[str, Any]:
    pace = ("finished_items", "finished_points", "cycle_days")
    hidden = {} if shows_pace and sprint.closed_at else dict.fromkeys(pace)
    return vars(sprint) | hidden
