"""What the facts of a project say of its health. Pure.

Each signal holds the day from which it asks to be watched and the day from which it alerts, days
to come included: with time alone a signal only gets worse. So nothing has to be told again for a
day to pass, and any day can be asked of what was kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from portal.health.definition import Code, Definition, Level, Thresholds
from portal.health.facts import Facts
from portal.health.forecast import forecast
from portal.kernel.months import months_after

GRACE = 14  # days after a project is written down late, to write down what there is
HORIZON = 800  # days looked ahead
ETHICS = ("framing", "exposure")  # gates whose staleness alerts at once
GRAVEST, SEVERE = 4, 3


@dataclass(frozen=True)
class Signal:
    """`counted_from` is the day from which its sentence counts days, where it counts some; `given`
    are the numbers of its sentence, `seen` names things as « finding/3 »."""

    code: Code
    watch_from: date | None = None
    alert_from: date | None = None
    counted_from: date | None = None
    given: Mapping[str, int] = field(default_factory=dict)
    seen: tuple[str, ...] = ()

    def level(self, day: date) -> Level:
        if self.alert_from is not None and self.alert_from <= day:
            return Level.ALERT
        watched = self.watch_from is not None and self.watch_from <= day
        return Level.WATCH if watched else Level.FINE

    def since(self, day: date) -> date | None:
        """Since when it is as bad as on that day; None where it is fine."""
        level = self.level(day)
        if level is Level.FINE:
            return None
        return self.alert_from if level is Level.ALERT else self.watch_from

    def days(self, day: date) -> int:
        """Counted up to a day."""
        return max(0, (day - self.counted_from).days) if self.counted_from else 0


def read(
    facts: Facts,
    definitions: Mapping[Code, Definition],
    day: date,
    before: Iterable[Signal] = (),
) -> Sequence[Signal]:
    """All signals, as known on a day; `before` are those that were kept last, for what has no date
    of its own. A project that rests says nothing."""
    if not facts.goes_on:
        return ()
    kept = {one.code: one for one in before}
    told = [
        _READERS[code](facts, definitions[code].thresholds, day, kept.get(code))
        for code in Code
        if code in definitions
    ]
    if facts.begun_on == facts.starts_on:
        return told
    first = facts.begun_on + timedelta(days=GRACE)
    return [_not_before(one, first) if one.code in PLANNED else one for one in told]


PLANNED = (Code.DATA_ACCESS, Code.GATE_SLIP)


def _not_before(signal: Signal, first: date) -> Signal:
    """What a plan had for days gone by asks for nothing at once, of a project written down late."""
    watch, alert = (one and max(one, first) for one in (signal.watch_from, signal.alert_from))
    return replace(signal, watch_from=watch, alert_from=alert)


def level_of(signals: Iterable[Signal], day: date) -> Level:
    """The worst of them."""
    return max((one.level(day) for one in signals), default=Level.FINE)


def reasons(signals: Iterable[Signal], day: date) -> Sequence[Signal]:
    """Those that ask for something on that day, the worst first."""
    order = list(Code)
    found = [one for one in signals if one.level(day) is not Level.FINE]
    return sorted(found, key=lambda one: (-one.level(day), order.index(one.code)))


def first_days(signals: Iterable[Signal]) -> tuple[date | None, date | None]:
    """From when a project is to be watched, and from when it alerts, if nothing happens."""
    found = list(signals)
    watch = [one.watch_from for one in found if one.watch_from]
    alert = [one.alert_from for one in found if one.alert_from]
    return min(watch, default=None), min(alert, default=None)


Reader = Callable[[Facts, Thresholds, date, Signal | None], Signal]


def _after(since: date | None, days: int | None, *, over: bool) -> date | None:
    """The day on which so many days have gone by, or one more."""
    return None if since is None or days is None else since + timedelta(days=days + over)


def _counting(
    code: Code, since: date | None, asked: Thresholds, *, over: bool, **rest: Any
) -> Signal:
    """A signal that counts the days since something."""
    watch, alert = (_after(since, each, over=over) for each in (asked.watch, asked.alert))
    return Signal(code, watch, alert, since, **rest)


def _nth(days: Sequence[date], n: int | None) -> date | None:
    """The day on which there were so many."""
    return None if n is None or n > len(days) else days[n - 1]


def _data_access(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    step = facts.step("data")
    if step is None or step.is_proved or step.is_waived or step.passed_on:
        return Signal(Code.DATA_ACCESS)
    watch, alert = (
        None if n is None else months_after(facts.starts_on, n) for n in (asked.watch, asked.alert)
    )
    return Signal(
        Code.DATA_ACCESS,
        watch,
        alert,
        facts.starts_on,
        {"n": step.lacking},
        (f"gate/{step.number}",),
    )


def _gate_slip(facts: Facts, asked: Thresholds, day: date, kept: Signal | None) -> Signal:
    """The largest slip that is expected of an open gate; the last one also alerts when it comes
    after the support."""
    if not facts.steps:
        return Signal(Code.GATE_SLIP)
    tolerated, alarming = asked.watch or 0, asked.alert

    def watches(on: date) -> bool:
        return asked.watch is not None and slip_on(facts, on)[0] > asked.watch

    def alerts(on: date) -> bool:
        slip, _number, last = slip_on(facts, on)
        return (alarming is not None and slip > alarming) or last > tolerated

    slip, number, _last = slip_on(facts, day)
    return Signal(
        Code.GATE_SLIP,
        _first(watches, day, kept.watch_from if kept else None),
        _first(alerts, day, kept.alert_from if kept else None),
        None,
        {"n": slip},
        (f"gate/{number}",) if number is not None else (),
    )


def slip_on(facts: Facts, day: date) -> tuple[int, int | None, int]:
    """In days, and of which open gate, the first of those that slip as much; and how many days
    after the end of the support the last one is expected."""
    found = forecast(facts.aims(day), day)
    worst = max(found, key=lambda one: (one.slip, -one.number), default=None)
    if worst is None:
        return 0, None, 0
    end = max(facts.ends_on, found[-1].due_on)
    return worst.slip, worst.number, (found[-1].expected_on - end).days


def _first(holds: Callable[[date], bool], day: date, kept: date | None) -> date | None:
    """Since when or from when something holds that only ever begins with time."""
    if holds(day):
        return kept if kept is not None and kept <= day else day
    low, high = 0, HORIZON
    if not holds(day + timedelta(days=high)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(day + timedelta(days=middle)) else (middle, high)
    return day + timedelta(days=high)


def _high_risk(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    found = sorted(facts.unowned, key=lambda one: (one.since, one.number))
    days = [one.since for one in found]
    return Signal(
        Code.HIGH_RISK,
        _nth(days, asked.watch),
        _nth(days, asked.alert),
        None,
        {"n": len(found)},
        tuple(f"risk/{one.number}" for one in found),
    )


def _findings(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    """Severe ones are watched, the gravest alert sooner."""
    severe = min((one.since for one in facts.findings), default=None)
    grave = [one.since for one in facts.findings if one.severity >= GRAVEST]
    return Signal(
        Code.FINDINGS,
        _after(severe, asked.watch, over=True),
        _after(min(grave, default=None), asked.alert, over=True),
        severe,
        {"n": len(facts.findings), "gravest": len(grave)},
        tuple(f"finding/{one.number}" for one in facts.findings),
    )


def _gate_stale(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    found = sorted(
        (since, one.number, one.key)
        for one in facts.steps
        if not one.is_waived and (since := one.stale_since()) is not None
    )
    days = [since for since, _number, _key in found]
    ethics = [since for since, _number, key in found if key in ETHICS]
    alerts = [one for one in (_nth(days, asked.alert), *ethics[:1]) if one is not None]
    if asked.alert is None:
        alerts = []
    return Signal(
        Code.GATE_STALE,
        _nth(days, asked.watch),
        min(alerts, default=None),
        None,
        {},
        tuple(f"gate/{number}" for _since, number, _key in found),
    )


def _user_session(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    """From the first prototype on."""
    step = facts.step("prototype")
    began = step.passed_on if step else None
    if began is None:
        return Signal(Code.USER_SESSION)
    since = max(began, facts.tests.last_on or began)
    return _counting(Code.USER_SESSION, since, asked, over=True)


def _goals_missed(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    days = facts.work.missed_on
    seen = (f"sprint/{facts.work.last.number}",) if facts.work.last else ()
    watch, alert = _nth(days, asked.watch), _nth(days, asked.alert)
    return Signal(Code.GOALS_MISSED, watch, alert, None, {"n": len(days)}, seen)


def _no_sprint(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    last = facts.work.last
    since = last.on if last else facts.begun_on
    seen = (f"sprint/{last.number}",) if last else ()
    return _counting(Code.NO_SPRINT, since, asked, over=False, seen=seen)


def _no_contact(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    since = facts.contact_on or facts.begun_on
    return _counting(Code.NO_CONTACT, since, asked, over=False)


def _advice(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    advice = facts.advice
    seen = (f"recommendation/{advice.number}",) if advice.number is not None else ()
    return _counting(Code.ADVICE, advice.since, asked, over=True, given={"n": advice.n}, seen=seen)


def _key_role(facts: Facts, asked: Thresholds, _day: date, _kept: Signal | None) -> Signal:
    since = min(facts.empty.values(), default=None)
    seen = tuple(f"role/{one}" for one in sorted(facts.empty))
    return _counting(
        Code.KEY_ROLE, since, asked, over=True, given={"n": len(facts.empty)}, seen=seen
    )


_READERS: Mapping[Code, Reader] = {
    Code.DATA_ACCESS: _data_access,
    Code.GATE_SLIP: _gate_slip,
    Code.HIGH_RISK: _high_risk,
    Code.FINDINGS: _findings,
    Code.GATE_STALE: _gate_stale,
    Code.USER_SESSION: _user_session,
    Code.GOALS_MISSED: _goals_missed,
    Code.NO_SPRINT: _no_sprint,
    Code.NO_CONTACT: _no_contact,
    Code.ADVICE: _advice,
    Code.KEY_ROLE: _key_role,
}
