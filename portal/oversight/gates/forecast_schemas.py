"""The file format of `flask gates forecast`: a plan and the steps of its programme, as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from portal.oversight.gates.forecast_rules import (
    GateForecast,
    LatenessIncrements,
    PlannedGate,
    compute_present_lateness,
    forecast_gates,
)
from portal.platform.kernel.plain_answers import apply_to_each_json_value

STEP_MAX = 3_660  # days: ten years
NUMBER_MAX = 999
GATES_MAX = 50
STEPS_MAX = 100_000
_ERRORS = {"unknown": "is not known here", "type": "must be an object"}


class InvalidPlan(Exception):
    """The file holds no plan; the message says where and why, a line each."""


@dataclass(frozen=True)
class ForecastInput:
    """A plan to forecast, as of a day."""

    day: date
    gates: Sequence[PlannedGate]
    steps: LatenessIncrements


class PlannedGateSchema(Schema):
    """A gate of the file."""

    class Meta:
        unknown = RAISE

    error_messages = _ERRORS

    number = fields.Integer(required=True, strict=True, validate=validate.Range(0, NUMBER_MAX))
    due = fields.Date(required=True)
    passed = fields.Date(load_default=None, allow_none=True)
    waived = fields.Boolean(load_default=False)


class ForecastPlanSchema(Schema):
    """A plan of the file."""

    class Meta:
        unknown = RAISE

    error_messages = _ERRORS

    today = fields.Date(required=True)
    gates = fields.List(
        fields.Nested(PlannedGateSchema), required=True, validate=validate.Length(max=GATES_MAX)
    )
    steps = fields.List(
        fields.Integer(strict=True, validate=validate.Range(-STEP_MAX, STEP_MAX)),
        required=True,
        validate=validate.Length(max=STEPS_MAX),
    )


def build_forecast_from_text(text: str) -> Any:
    """Return the answer to a file's text as JSON values: an object, or a list for a list.

    Raises `InvalidPlan`.
    """
    return apply_to_each_json_value(text, _build_forecast_answer, InvalidPlan)


def _build_forecast_answer(plain: Any, place: str) -> Mapping[str, Any]:
    plan = _load_plan(plain, place)
    try:
        forecasts = forecast_gates(plan.gates, plan.day, plan.steps)
    except OverflowError:
        raise InvalidPlan(f"{place}a day of the forecast is beyond any calendar.") from None
    return {
        "lateness": compute_present_lateness(plan.gates, plan.day),
        "gates": [_forecast_as_plain(forecast) for forecast in forecasts],
    }


def _load_plan(plain: Any, place: str) -> ForecastInput:
    try:
        values = cast(dict[str, Any], ForecastPlanSchema().load(plain))
    except ValidationError as refused:
        lines = (f"{place}{line}" for line in _iterate_error_lines(refused.messages))
        raise InvalidPlan("\n".join(lines)) from None
    gates = [
        PlannedGate(entry["number"], entry["due"], entry["passed"], entry["waived"])
        for entry in values["gates"]
    ]
    if len({gate.number for gate in gates}) < len(gates):
        raise InvalidPlan(f"{place}gates: two gates have the same number.")
    return ForecastInput(values["today"], gates, LatenessIncrements(tuple(sorted(values["steps"]))))


def _iterate_error_lines(messages: Any, path: str = "") -> Iterator[str]:
    """Nested messages as lines: « gates.0.due: Not a valid date. »"""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _iterate_error_lines(inner, path if key == "_schema" else f"{path}.{key}".strip("."))
        return
    for message in messages:
        yield f"{path}: {message}" if path else str(message)


def _forecast_as_plain(forecast: GateForecast) -> Mapping[str, Any]:
    earliest, latest = forecast.earliest_on, forecast.latest_on
    return {
        "number": forecast.number,
        "expected": forecast.expected_on.isoformat(),
        "from": earliest and earliest.isoformat(),
        "to": latest and latest.isoformat(),
    }
