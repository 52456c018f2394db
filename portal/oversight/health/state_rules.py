"""A project on a day: what was known of it by then, and what people said of it. Pure but for the
words it is made of."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from portal.oversight.health.definition_rules import HealthLevel, OverrideLevel, SignalCode
from portal.oversight.health.fact_rules import HealthFacts, weights_of
from portal.oversight.health.forecast_rules import (
    GateForecast,
    GateSlipCohort,
    forecast_gates,
    slips,
)
from portal.oversight.health.signal_rules import Signal, list_reasons, worst_level
from portal.sprints.sprints.outlook_rules import Outlook


@dataclass(frozen=True)
class Weather:
    """What whoever carries the project declared."""

    at: datetime
    outlook: Outlook
    sentence: str
    who: str


@dataclass(frozen=True)
class Override:
    """What a programme's lead said, beside what was computed."""

    at: datetime
    level: OverrideLevel
    text: str
    until: date
    who: str

    def holds(self, day: date) -> bool:
        """Whether it still stands on a day: neither taken back nor over."""
        return self.level is not OverrideLevel.NOTHING and day <= self.until


@dataclass(frozen=True)
class ProgressPercents:
    """In per cent of the weight of the gates that nobody waived, rounded down."""

    declared: int
    proved: int
    accepted: int


@dataclass(frozen=True)
class HealthState:
    """A project on a day: what was known of it by then, and what people said of it.

    `day` is the last day it lived, where it is over or rests.
    """

    project_id: UUID
    at: datetime
    day: date
    facts: HealthFacts
    signals: Sequence[Signal]
    weather: Weather | None = None
    override: Override | None = None

    @property
    def cache_key(self) -> Hashable:
        """The same for the same state: a reading never changes."""
        return self.project_id, self.at, self.day, self.weather, self.override

    @property
    def level(self) -> HealthLevel:
        """The worst signal. What people say stands beside it, never in its place."""
        return worst_level(self.signals, self.day)

    @cached_property
    def reasons(self) -> Sequence[Signal]:
        """Why, the worst first."""
        return list_reasons(self.signals, self.day)

    @property
    def numbers(self) -> ProgressPercents:
        *weights, total = weights_of(self.facts.steps, self.day)
        return ProgressPercents(*(each * 100 // total if total else 0 for each in weights))

    def forecast(self, cohort: GateSlipCohort) -> Sequence[GateForecast]:
        """Of its open gates; none while it rests, or once it is over."""
        return (
            forecast_gates(self.facts.planned_gates(self.day), self.day, cohort)
            if self.facts.goes_on
            else ()
        )

    @property
    def slips(self) -> Sequence[int]:
        """Of the gates it has passed, in days."""
        return slips(self.facts.planned_gates(self.day))


@dataclass(frozen=True)
class LastReading:
    """The last reading of a project."""

    facts: HealthFacts
    signals: Sequence[Signal]


def signal_as_plain(signal: Signal) -> dict[str, Any]:
    """As JSON can hold it."""
    days = (signal.watch_from, signal.alert_from, signal.counted_from)
    watch, alert, counted = (day and day.isoformat() for day in days)
    return {
        "code": signal.code.value,
        "watch": watch,
        "alert": alert,
        "counted": counted,
        "given": dict(signal.parameters),
        "seen": list(signal.references),
    }


def signal_from_plain(plain: Mapping[str, Any]) -> Signal:
    watch, alert, counted = (
        date.fromisoformat(plain[name]) if plain[name] else None
        for name in ("watch", "alert", "counted")
    )
    references = tuple(plain["seen"])
    return Signal(SignalCode(plain["code"]), watch, alert, counted, plain["given"], references)
