"""Signals of a project's health: their level on any day, which are raised, which are new. Pure.

A signal stores the days from which it is known, at WATCH and at ALERT, future days included:
without an event it only gets worse. Stored signals therefore need no nightly refresh and answer for
any day. `signal_computation_rules` computes them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from portal.oversight.health.definition_rules import HealthLevel, SignalCode, lowest_raised_number

ALWAYS = date.min  # of `known_from`: there is something to judge on any day
ONE_DAY = timedelta(days=1)
CHARGE_DAYS_MAX = 30  # for which somebody takes charge of a signal at most


@dataclass(frozen=True)
class Signal:
    """A signal, UNKNOWN before `known_from` (None: there is nothing to judge). Its sentence counts
    days from `counted_from`, where it counts some. `parameters` are the numbers of its sentence,
    `references` name its causes, as "finding/3"."""

    code: SignalCode
    watch_from: date | None = None
    alert_from: date | None = None
    counted_from: date | None = None
    parameters: Mapping[str, int] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    known_from: date | None = ALWAYS

    @property
    def first_raised_day(self) -> date | None:
        """The first day on which it is not FINE; None: never."""
        return min((day for day in (self.watch_from, self.alert_from) if day), default=None)

    def level(self, day: date) -> HealthLevel:
        """Return the level on a day."""
        if self.alert_from is not None and self.alert_from <= day:
            return HealthLevel.ALERT
        if self.watch_from is not None and self.watch_from <= day:
            return HealthLevel.WATCH
        is_known = self.known_from is not None and self.known_from <= day
        return HealthLevel.FINE if is_known else HealthLevel.UNKNOWN

    def since(self, day: date) -> date | None:
        """Return the first day of the level it has on `day`; None if that is not raised."""
        level = self.level(day)
        if level <= HealthLevel.FINE:
            return None
        return self.alert_from if level is HealthLevel.ALERT else self.watch_from

    def days(self, day: date) -> int:
        """Return the days from `counted_from` to `day`, 0 if it counts none."""
        return max(0, (day - self.counted_from).days) if self.counted_from else 0


@dataclass(frozen=True)
class Charge:
    """Somebody took charge of a signal on day `on`: what is done, until when. `edition` counts the
    charges of this signal in the project."""

    code: SignalCode
    edition: int
    at: datetime
    on: date
    text: str
    until: date
    who: str

    def covers(self, signal: Signal, day: date) -> bool:
        """Whether the signal is in charge on a day: it has been raised without a break since
        before the charge, and the day is not after `until`."""
        raised_from = signal.first_raised_day
        return (
            self.code is signal.code
            and raised_from is not None
            and raised_from <= self.on
            and day <= self.until
        )


Charges = Mapping[SignalCode, Charge]  # the last one of each signal


def find_charge(signal: Signal, charges: Charges, day: date) -> Charge | None:
    """Return the charge that covers a signal on a day."""
    charge = charges.get(signal.code)
    return charge if charge is not None and charge.covers(signal, day) else None


def find_worst_level(signals: Iterable[Signal], day: date) -> HealthLevel:
    """Return the worst level of the signals on a day; UNKNOWN where none is known."""
    return max((signal.level(day) for signal in signals), default=HealthLevel.UNKNOWN)


def list_raised_signals(signals: Iterable[Signal], day: date) -> Sequence[Signal]:
    """Return the signals that are raised on a day, the worst first."""
    order = list(SignalCode)
    raised_signals = [signal for signal in signals if signal.level(day) > HealthLevel.FINE]
    return sorted(raised_signals, key=lambda signal: (-signal.level(day), order.index(signal.code)))


def is_worst_level_in_charge(signals: Iterable[Signal], charges: Charges, day: date) -> bool:
    """Whether somebody is in charge of each signal of the worst level; False if none is raised."""
    all_signals = list(signals)
    level = find_worst_level(all_signals, day)
    worst = [signal for signal in all_signals if signal.level(day) is level]
    return level > HealthLevel.FINE and all(find_charge(signal, charges, day) is not None for signal in worst)


@dataclass(frozen=True)
class SignalFirstDays:
    """The first days on which any signal of a project is known, at WATCH, at ALERT; and on which
    one at that level is in nobody's charge. None: never."""

    known_from: date | None
    watch_from: date | None
    alert_from: date | None
    new_watch_from: date | None
    new_alert_from: date | None


def compute_signal_first_days(signals: Iterable[Signal], charges: Charges) -> SignalFirstDays:
    """Return the first days, future ones included: levels of a stored signal only get worse, and
    charges end."""
    all_signals = list(signals)
    watch = [(signal, signal.watch_from) for signal in all_signals]
    alert = [(signal, signal.alert_from) for signal in all_signals]
    return SignalFirstDays(
        _find_earliest_day(signal.known_from for signal in all_signals),
        _find_earliest_day(day for _signal, day in watch),
        _find_earliest_day(day for _signal, day in alert),
        _find_earliest_day(_find_first_uncovered_day(signal, day, charges) for signal, day in watch),
        _find_earliest_day(_find_first_uncovered_day(signal, day, charges) for signal, day in alert),
    )


def _find_earliest_day(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _find_first_uncovered_day(signal: Signal, day: date | None, charges: Charges) -> date | None:
    """The first day from `day` on that the charge of a signal does not cover."""
    charge = charges.get(signal.code)
    if day is None or charge is None or not charge.covers(signal, day):
        return day
    return charge.until + ONE_DAY


def make_unknown_before(signal: Signal, first: date) -> Signal:
    """Return the signal, UNKNOWN before a day."""
    known_from, watch, alert = (
        day and max(day, first) for day in (signal.known_from, signal.watch_from, signal.alert_from)
    )
    return replace(signal, known_from=known_from, watch_from=watch, alert_from=alert)


def known_always_or_never(condition: bool) -> date | None:
    """Return the `known_from` of a signal that is judged from an event on."""
    return ALWAYS if condition else None


def add_threshold_days(since: date | None, days: int | None, *, over: bool) -> date | None:
    """Return the day `days` after `since`, one more with `over`; 0 is `since` itself."""
    if since is None or days is None:
        return None
    return since + timedelta(days=lowest_raised_number(days, over=over))


def nth_day(days: Sequence[date], n: int | None) -> date | None:
    """Return the day of the nth event; `days` are sorted."""
    return None if n is None or n > len(days) else days[max(n, 1) - 1] if days else None
