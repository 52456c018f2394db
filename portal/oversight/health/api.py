"""Operations on health and the forecast of gates."""

from datetime import datetime
from typing import Any

from portal.oversight.gates.schemas import PastDaySchema
from portal.oversight.health.forecast_queries import read_forecast
from portal.oversight.health.queries import read_state
from portal.oversight.health.schemas import GateForecastSchema, HealthSchema
from portal.oversight.health.state_rules import HealthState
from portal.platform.kernel import clock
from portal.platform.kernel.errors import require_row
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.project.projects.queries import get_project

area = ApiArea("oversight")


def _moment(call: ApiCall) -> datetime | None:
    """The end of a past day in the query; None for now."""
    day = call.query.get("on")
    return clock.end_of_day(day, reader_time_zone()) if day and day < clock.today() else None


def describe_health(state: HealthState) -> dict[str, Any]:
    """The values of `HealthSchema`."""
    signals = [
        {
            "code": signal.code,
            "level": signal.level(state.day),
            "parameters": dict(signal.parameters),
            "references": list(signal.references),
        }
        for signal in state.signals
    ]
    return {
        "project_id": state.project_id,
        "day": state.day,
        "read_at": state.at,
        "level": state.level,
        "signals": signals,
    }


@area.get("/projects/<slug>/health", HealthSchema, query=PastDaySchema)
def get_health(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read a project's health, now or at the end of a past day."""
    project = get_project(call.actor, slug)
    return describe_health(require_row(read_state(project, _moment(call))))


@area.list("/projects/<slug>/forecast", GateForecastSchema, query=PastDaySchema)
def list_forecast(call: ApiCall, slug: str) -> ApiPage:
    """List when the open gates of a project are expected."""
    return call.page.cut(read_forecast(get_project(call.actor, slug), _moment(call)))
