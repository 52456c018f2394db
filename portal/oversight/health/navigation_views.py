"""What other pages show of health: URLs of signals, progress and mood, expected periods."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flask import url_for

from portal.oversight.gates import forecast_labels
from portal.oversight.gates.progress_views import ExpectedGatePeriod
from portal.oversight.gates.progress_views import read_progress as read_gate_progress
from portal.oversight.health import forecast_queries, labels, queries, remedy_labels
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.progress_labels import ProjectHealthSummary, ProjectProgress
from portal.project.projects.workspace_views import Trail, build_trail

_LISTS = {
    SignalCode.HIGH_RISK: "risks.index",
    SignalCode.USER_SESSION: "rounds.index",
    SignalCode.NO_SPRINT: "sprints.index",
    SignalCode.GOALS_MISSED: "sprints.index",
    SignalCode.NO_CONTACT: "coaching.index",
    SignalCode.ADVICE: "recommendations.index",
    SignalCode.KEY_ROLE: "team.index",
}


def build_health_trail(project: Project) -> Trail:
    """Return the breadcrumbs from the project to its health."""
    return build_trail(project, (_("Santé"), url_for("project_health.index", slug=project.slug)))


def signal_remedy_url(slug: str, signal: Signal, state: HealthSnapshot) -> str:
    """Return the URL of the page where the cause of a signal can be fixed: the one that its remedy names."""
    if signal.code is SignalCode.FINDINGS:
        return url_for("findings.index", slug=slug, severity="severe")
    if signal.code in _LISTS:
        return url_for(_LISTS[signal.code], slug=slug)
    gates = [int(each.partition("/")[2]) for each in signal.references if each.startswith("gate/")]
    first = remedy_labels.find_gate_to_pass(state) if signal.code is SignalCode.GATE_SLIP else None
    if first is not None or gates:
        return url_for("gates.page", slug=slug, gate=gates[0] if first is None else first)
    return url_for("gates.index", slug=slug)


def read_progress(project: Project) -> ProjectProgress:
    """Return the progress of a project's gates, with its health while it is active."""
    state = queries.read_state(project)
    progress = read_gate_progress(project)
    if state is None or not state.facts.goes_on:
        return progress
    label, kind = labels.LEVELS[state.level]
    url = url_for("project_health.index", slug=project.slug)
    why = [labels.signal_sentence(signal, state) for signal in state.reasons]
    ways_out = [
        (remedy_labels.remedy(signal, state), signal_remedy_url(project.slug, signal, state))
        for signal in state.reasons
    ]
    charges = [remedy_labels.describe_charge(signal, state) for signal in state.reasons]
    mood = ProjectHealthSummary(str(label), kind, why, url, ways_out, charges)
    return replace(progress, mood=mood)


def read_expected_periods(
    project: Project, moment: datetime | None = None
) -> Mapping[int, ExpectedGatePeriod]:
    """Return the expected period of each open gate by number, as forecast at a moment (now)."""
    on = clock.day_of(moment, reader_time_zone()) if moment else None
    return {
        forecast.number: ExpectedGatePeriod(
            forecast_labels.expected_date_label(forecast, day, on),
            forecast_labels.forecast_method(forecast),
            forecast.expected_on,
            forecast.due_on,
        )
        for forecast in forecast_queries.read_forecast(project, moment)
    }


def describe_waiver_effect(project: Project, gate: int) -> str:
    """Return by how much waiving a gate moves the last one, in a sentence; "" without forecast."""
    effect = forecast_queries.read_waiver_effect(project, gate)
    return forecast_labels.waiver_effect(effect, day) if effect else ""
