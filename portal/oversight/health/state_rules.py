"""Health of a project on a day: facts, signals, declarations; and its spread over teams. Pure."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from statistics import quantiles
from typing import Any
from uuid import UUID

from portal.oversight.gates.forecast_rules import (
    GateForecast,
    Latenesses,
    LatenessIncrements,
    forecast_gates,
    is_too_early_to_judge,
    list_latenesses,
    order_gates,
)
from portal.oversight.health.definition_rules import HealthLevel, LeadOpinionLevel, SignalCode
from portal.oversight.health.fact_rules import HealthFacts, sum_gate_weights
from portal.oversight.health.signal_computation_rules import is_reviewed, is_tested
from portal.oversight.health.signal_rules import (
    ALWAYS,
    Charge,
    Charges,
    Signal,
    find_charge,
    find_worst_level,
    is_worst_level_in_charge,
    list_raised_signals,
)
from portal.oversight.health.team_signal_rules import track_silent_since
from portal.sprints.sprints.outlook_rules import OutlookLevel

TEAMS_MIN = 4  # with fewer, a distribution would identify teams


@dataclass(frozen=True)
class WeatherDeclaration:
    """A weather that the team's lead declared."""

    at: datetime
    outlook: OutlookLevel
    sentence: str
    who: str


@dataclass(frozen=True)
class DatedLeadOpinion:
    """How a programme's lead sees the project, until a day."""

    at: datetime
    level: LeadOpinionLevel
    text: str
    until: date
    who: str

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.level is not LeadOpinionLevel.NOTHING and day <= self.until


@dataclass(frozen=True)
class ProgressPercents:
    """Progress in per cent of the weight of gates that are not waived, rounded down."""

    declared: int
    proved: int
    accepted: int


@dataclass(frozen=True)
class HealthSnapshot:
    """Health of a project; `day` is its last active day if it is over or paused."""

    project_id: UUID
    at: datetime
    day: date
    facts: HealthFacts
    signals: Sequence[Signal]
    weather: WeatherDeclaration | None = None
    override: DatedLeadOpinion | None = None
    charges: Charges = field(default_factory=dict)

    @property
    def cache_key(self) -> Hashable:
        """Equal for equal states: readings are immutable."""
        charges = tuple(self.charges.values())
        return self.project_id, self.at, self.day, self.weather, self.override, charges

    @property
    def is_tested(self) -> bool:
        return is_tested(self.facts)

    @property
    def is_reviewed(self) -> bool:
        return is_reviewed(self.facts)

    @property
    def level(self) -> HealthLevel:
        """Level of the worst signal; overrides are shown beside it and never replace it."""
        return find_worst_level(self.signals, self.day)

    @cached_property
    def reasons(self) -> Sequence[Signal]:
        """Signals that are raised, the worst first; of one level, those in nobody's charge first."""
        return sorted(list_raised_signals(self.signals, self.day), key=self._reason_key)

    def _reason_key(self, signal: Signal) -> tuple[int, bool]:
        return -signal.level(self.day), self.charge_of(signal) is not None

    @property
    def first_reason(self) -> Signal | None:
        """The first of `reasons`: what every page says first."""
        return next(iter(self.reasons), None)

    @property
    def is_in_charge(self) -> bool:
        """Whether somebody is in charge of each signal of the worst level."""
        return is_worst_level_in_charge(self.signals, self.charges, self.day)

    def find_reason(self, code: SignalCode) -> Signal | None:
        """Return the raised signal of a kind."""
        return next((signal for signal in self.reasons if signal.code is code), None)

    def charge_of(self, signal: Signal) -> Charge | None:
        """Return the charge of a signal that is in force."""
        return find_charge(signal, self.charges, self.day)

    @property
    def numbers(self) -> ProgressPercents:
        """Progress of its gates."""
        *weights, total = sum_gate_weights(self.facts.steps, self.day)
        return ProgressPercents(*(weight * 100 // total if total else 0 for weight in weights))

    def forecast(self, steps: LatenessIncrements) -> Sequence[GateForecast]:
        """Return the forecast of its open gates from the steps of its programme; none unless the
        project is active."""
        return forecast_gates(self.facts.planned_gates, self.day, steps) if self.facts.goes_on else ()

    @property
    def latenesses(self) -> Latenesses:
        """Latenesses of the passed gates in days, in the order of the plan."""
        return list_latenesses(self.facts.planned_gates)

    @property
    def is_too_early(self) -> bool:
        """Whether its lateness is not known yet: a gate is open, and too few were due."""
        return not self.has_passed_all_gates and is_too_early_to_judge(self.facts.planned_gates, self.day)

    @property
    def has_passed_all_gates(self) -> bool:
        """Whether it has gates and none is open: its lateness is not judged."""
        gates = order_gates(self.facts.planned_gates)
        return bool(gates) and all(gate.passed_on is not None for gate in gates)


def count_silent_days_by_track(state: HealthSnapshot, signal: Signal | None = None) -> Mapping[str, int]:
    """The days without a session on each track that a signal of contact counts, by default the one that is
    raised, by key of the track, the longest first; empty without a signal."""
    signal = signal or state.find_reason(SignalCode.NO_CONTACT)
    limit = signal.parameters.get("days", 0) if signal else 0
    silences = {
        key: (state.day - since).days
        for key, track in state.facts.tracks.items()
        if signal and (since := track_silent_since(track, state.facts)) is not None
    }
    longest_first = sorted(silences.items(), key=lambda silence: -silence[1])
    return {key: days for key, days in longest_first if days >= limit}


@dataclass(frozen=True)
class LastReading:
    """Facts and signals of the last reading of a project."""

    facts: HealthFacts
    signals: Sequence[Signal]
    charges: Charges = field(default_factory=dict)


def signal_as_plain(signal: Signal) -> dict[str, Any]:
    """Return a signal as JSON values."""
    days = (signal.watch_from, signal.alert_from, signal.counted_from, signal.known_from)
    watch, alert, counted, known_from = (day and day.isoformat() for day in days)
    return {
        "code": signal.code.value,
        "watch": watch,
        "alert": alert,
        "counted": counted,
        "given": dict(signal.parameters),
        "seen": list(signal.references),
        "known": known_from,
    }


def signal_from_plain(plain: Mapping[str, Any]) -> Signal:
    """Return the signal that `signal_as_plain` wrote. An older one without "known" was judged on
    any day."""
    values = {"known": ALWAYS.isoformat(), **plain}
    watch, alert, counted, known_from = (
        date.fromisoformat(values[name]) if values[name] else None
        for name in ("watch", "alert", "counted", "known")
    )
    references, code = tuple(plain["seen"]), SignalCode(plain["code"])
    return Signal(code, watch, alert, counted, plain["given"], references, known_from)


@dataclass(frozen=True)
class AcceptanceQuartiles:
    """First and third quartile of accepted weight in per cent, over `teams` teams."""

    teams: int
    low: int
    high: int


def acceptance_spread(accepted: Iterable[int]) -> AcceptanceQuartiles | None:
    """Return the quartiles (inclusive method) of accepted weights in per cent, None for fewer than
    `TEAMS_MIN` teams."""
    shares = sorted(accepted)
    if len(shares) < TEAMS_MIN:
        return None
    first, _second, third = quantiles(shares, n=4, method="inclusive")
    return AcceptanceQuartiles(len(shares), int(first), int(third))
