"""Operations on health and the forecast of gates."""

from typing import Any

from portal.oversight.gates.past_day_api import find_past_moment
from portal.oversight.gates.schemas import PastDayQuerySchema
from portal.oversight.health import commands, labels, remedy_labels, schemas
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.forecast_queries import read_forecast
from portal.oversight.health.models import DeclaredWeather, LeadOpinion
from portal.oversight.health.queries import read_state
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel.errors import require_row
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.queries import get_project

area = ApiArea("oversight")


def _describe_signal(signal: Signal, state: HealthSnapshot) -> dict[str, Any]:
    """The values of `SignalSchema`, with the sentences of pages."""
    is_raised = signal in state.reasons
    return {
        "code": signal.code,
        "level": signal.level(state.day),
        "since": signal.since(state.day),
        "value": labels.signal_value_label(signal, state),
        "reason": labels.signal_sentence(signal, state) if is_raised else "",
        "remedy": remedy_labels.remedy(signal, state) if is_raised else "",
        "charge": remedy_labels.describe_charge(signal, state),
        "parameters": dict(signal.parameters),
        "references": [each for each in signal.references if _is_reference_current(each, signal, state)],
    }


def _is_reference_current(reference: str, signal: Signal, state: HealthSnapshot) -> bool:
    """Leave out gates whose acceptance expires on a later day."""
    if signal.code is not SignalCode.GATE_STALE:
        return True
    return any(reference == f"gate/{step.number}" and step.is_stale(state.day) for step in state.facts.steps)


def describe_health(state: HealthSnapshot) -> dict[str, Any]:
    """The values of `HealthSchema`."""
    signals = [_describe_signal(signal, state) for signal in state.signals]
    return {
        "project_id": state.project_id,
        "day": state.day,
        "read_at": state.at,
        "level": state.level,
        "signals": signals,
    }


@area.get("/projects/<slug>/health", schemas.HealthSchema, query=PastDayQuerySchema)
def get_health(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read a project's health, now or at the end of a past day."""
    project = get_project(call.actor, slug)
    return describe_health(require_row(read_state(project, find_past_moment(call, project))))


@area.list("/projects/<slug>/forecast", schemas.GateForecastSchema, query=PastDayQuerySchema)
def list_forecast(call: ApiCall, slug: str) -> ApiPage:
    """List when the open gates of a project are expected."""
    project = get_project(call.actor, slug)
    return call.page.cut_whole_list(
        read_forecast(project, find_past_moment(call, project)), key_by_fields("number")
    )


@area.create("/projects/<slug>/weather", schemas.WeatherSchema, body=schemas.WeatherBodySchema)
def declare_weather(call: ApiCall, slug: str) -> DeclaredWeather:
    """Say how the team's lead sees the project, in a sentence."""
    return commands.declare_weather(call.actor, get_project(call.actor, slug), **call.body)


@area.create("/projects/<slug>/health/override", schemas.OverrideSchema, body=schemas.OverrideBodySchema)
def override_health(call: ApiCall, slug: str) -> LeadOpinion:
    """Say how the programme's lead sees the project until a day, and why."""
    return commands.note_lead_opinion(call.actor, get_project(call.actor, slug), **call.body)
