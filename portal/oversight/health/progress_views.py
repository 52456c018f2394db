"""Progress and mood of a project for the top of its pages; expected periods of its gates."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flask import url_for

from portal.oversight.gates.progress_views import ExpectedPeriod
from portal.oversight.gates.progress_views import read_progress as read_gate_progress
from portal.oversight.health import labels, queries
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.progress_labels import ProjectMood, ProjectProgress


def read_progress(project: Project) -> ProjectProgress:
    """Return the progress of a project's gates, with its health while it is active."""
    state = queries.read_state(project)
    progress = read_gate_progress(project)
    if state is None or not state.facts.goes_on:
        return progress
    label, kind = labels.LEVELS[state.level]
    url = url_for("project_health.index", slug=project.slug)
    why = [labels.why(signal, state) for signal in state.reasons]
    return replace(progress, mood=ProjectMood(str(label), kind, why, url))


def read_expected_periods(
    project: Project, moment: datetime | None = None
) -> Mapping[int, ExpectedPeriod]:
    """Return the expected period of each open gate by number, as forecast at a moment (now)."""
    return {
        forecast.number: ExpectedPeriod(labels.expected(forecast, day), labels.method(forecast))
        for forecast in queries.read_forecast(project, moment)
    }
