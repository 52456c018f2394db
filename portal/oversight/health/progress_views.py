"""How a project is going, beside its gates at the top of its own pages; when these are expected."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flask import url_for

from portal.oversight.gates.expected_period_views import ExpectedPeriod
from portal.oversight.gates.progress_views import read_progress as tell_gates
from portal.oversight.health import labels, queries
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.progress_labels import ProjectMood, ProjectProgress


def read_progress(project: Project) -> ProjectProgress:
    state = queries.read_state(project)
    progress = tell_gates(project)
    if state is None or not state.facts.goes_on:
        return progress
    label, kind = labels.LEVELS[state.level]
    url = url_for("project_health.index", slug=project.slug)
    why = [labels.why(signal, state) for signal in state.reasons]
    return replace(progress, mood=ProjectMood(str(label), kind, why, url))


def read_expected_periods(
    project: Project, moment: datetime | None = None
) -> Mapping[int, ExpectedPeriod]:
    """By gate, in words, with the method."""
    return {
        forecast.number: ExpectedPeriod(labels.expected(forecast, day), labels.method(forecast))
        for forecast in queries.read_forecast(project, moment)
    }
