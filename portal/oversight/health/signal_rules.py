"""Health signals computed from the facts of a project. Pure.

A signal stores the days from which it is at WATCH and at ALERT, future days included: without an
event it only gets worse. Stored signals therefore need no nightly refresh and answer for any day.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from portal.oversight.gates.forecast_rules import NO_STEPS, LatenessSteps
from portal.oversight.health.definition_rules import HealthLevel, SignalCode, SignalDefinition, Thresholds
from portal.oversight.health.fact_rules import HealthFacts
from portal.oversight.health.lateness_rules import compute_lateness, judged_from
from portal.platform.kernel.months import months_after

GRACE_DAYS = 14  # for a project created after its first day, to record what there is
ETHICS_GATES = ("framing", "exposure")  # keys of gates that are at ALERT as soon as they are stale
GRAVEST = 4  # severity of a finding


@dataclass(frozen=True)
class Signal:
    """A signal. Its sentence counts days from `counted_from`, where it counts some. `parameters`
    are the numbers of its sentence, `references` name its causes, as "finding/3"."""

    code: SignalCode
    watch_from: date | None = None
    alert_from: date | None = None
    counted_from: date | None = None
    parameters: Mapping[str, int] = field(default_factory=dict)
    references: tuple[str, ...] = ()

    def level(self, day: date) -> HealthLevel:
        """Return the level on a day."""
        if self.alert_from is not None and self.alert_from <= day:
            return HealthLevel.ALERT
        watched = self.watch_from is not None and self.watch_from <= day
        return HealthLevel.WATCH if watched else HealthLevel.FINE

    def since(self, day: date) -> date | None:
        """Return the first day of the level it has on `day`; None if that is FINE."""
        level = self.level(day)
        if level is HealthLevel.FINE:
            return None
        return self.alert_from if level is HealthLevel.ALERT else self.watch_from

    def days(self, day: date) -> int:
        """Return the days from `counted_from` to `day`, 0 if it counts none."""
        return max(0, (day - self.counted_from).days) if self.counted_from else 0


def compute_signals(
    facts: HealthFacts,
    definitions: Mapping[SignalCode, SignalDefinition],
    day: date,
    before: Iterable[Signal] = (),
    steps: LatenessSteps = NO_STEPS,
) -> Sequence[Signal]:
    """Return all signals as of a day, none unless the project is active. `before` are the signals
    stored last: a lateness, which has no date of its own, keeps its first day. `steps` are those of
    the programme."""
    if not facts.goes_on:
        return ()
    previous = {signal.code: signal for signal in before}
    signals = [
        compute_gate_slip(facts, definitions[code].thresholds, day, previous.get(code), steps)
        if code is SignalCode.GATE_SLIP
        else _COMPUTERS[code](facts, definitions[code].thresholds)
        for code in SignalCode
        if code in definitions
    ]
    return [
        _after_grace(signal, facts) if signal.code is SignalCode.DATA_ACCESS else signal for signal in signals
    ]


def _after_grace(signal: Signal, facts: HealthFacts) -> Signal:
    """Delay a signal about the plan, for a project created after its first day."""
    if facts.begun_on == facts.starts_on:
        return signal
    return _not_before(signal, facts.begun_on + timedelta(days=GRACE_DAYS))


def _not_before(signal: Signal, first: date) -> Signal:
    watch, alert = (day and max(day, first) for day in (signal.watch_from, signal.alert_from))
    return replace(signal, watch_from=watch, alert_from=alert)


def worst_level(signals: Iterable[Signal], day: date) -> HealthLevel:
    """Return the worst level of the signals on a day."""
    return max((signal.level(day) for signal in signals), default=HealthLevel.FINE)


def list_reasons(signals: Iterable[Signal], day: date) -> Sequence[Signal]:
    """Return the signals that are not FINE on a day, the worst first."""
    order = list(SignalCode)
    raised_signals = [signal for signal in signals if signal.level(day) is not HealthLevel.FINE]
    return sorted(raised_signals, key=lambda signal: (-signal.level(day), order.index(signal.code)))


def first_days(signals: Iterable[Signal]) -> tuple[date | None, date | None]:
    """Return the first days at WATCH and at ALERT of any signal; None: never."""
    all_signals = list(signals)
    watch = [signal.watch_from for signal in all_signals if signal.watch_from]
    alert = [signal.alert_from for signal in all_signals if signal.alert_from]
    return min(watch, default=None), min(alert, default=None)


SignalComputer = Callable[[HealthFacts, Thresholds], Signal]


def _day_after(since: date | None, days: int | None, *, over: bool) -> date | None:
    """The day `days` after `since`, one more with `over`."""
    return None if since is None or days is None else since + timedelta(days=days + over)


def _counting(
    code: SignalCode,
    since: Callable[[HealthFacts], date | None],
    references: Callable[[HealthFacts], tuple[str, ...]] = lambda _facts: (),
    count: Callable[[HealthFacts], int] | None = None,
    *,
    over: bool = True,
) -> SignalComputer:
    """A signal that counts the days since an event; with `count`, its sentence names a number."""

    def compute(facts: HealthFacts, thresholds: Thresholds) -> Signal:
        first = since(facts)
        watch = _day_after(first, thresholds.watch, over=over)
        alert = _day_after(first, thresholds.alert, over=over)
        parameters = {"n": count(facts)} if count else {}
        return Signal(code, watch, alert, first, parameters, references(facts))

    return compute


def _nth_day(days: Sequence[date], n: int | None) -> date | None:
    """The day of the nth event; `days` are sorted."""
    return None if n is None or n > len(days) else days[n - 1]


def _data_access(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    step = facts.step("data")
    if step is None or step.is_proved or step.is_waived or step.passed_on:
        return Signal(SignalCode.DATA_ACCESS)
    watch, alert = (
        None if n is None else months_after(facts.starts_on, n) for n in (thresholds.watch, thresholds.alert)
    )
    return Signal(
        SignalCode.DATA_ACCESS, watch, alert, facts.starts_on, {"n": step.lacking}, (f"gate/{step.number}",)
    )


def compute_gate_slip(
    facts: HealthFacts, thresholds: Thresholds, day: date, previous: Signal | None, steps: LatenessSteps
) -> Signal:
    """Lateness of the last open gate; none is judged before two gates were due."""
    lateness, first = compute_lateness(facts, steps), judged_from(facts)
    if lateness is None or first is None:
        return Signal(SignalCode.GATE_SLIP)
    watch_before, alert_before = (previous.watch_from, previous.alert_from) if previous else (None, None)
    signal = Signal(
        SignalCode.GATE_SLIP,
        lateness.first_day_over(thresholds.watch, day, watch_before),
        lateness.first_day_over(thresholds.alert, day, alert_before),
        parameters={"shift": lateness.shift},
        references=(f"gate/{lateness.last.number}",),
    )
    return _after_grace(_not_before(signal, first), facts)


def _high_risk(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    risks = sorted(facts.unowned, key=lambda risk: (risk.since, risk.number))
    days = [risk.since for risk in risks]
    return Signal(
        SignalCode.HIGH_RISK,
        _nth_day(days, thresholds.watch),
        _nth_day(days, thresholds.alert),
        None,
        {"n": len(risks)},
        tuple(f"risk/{risk.number}" for risk in risks),
    )


def _findings(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    """WATCH counts from the oldest severe finding, ALERT from the oldest of severity 4."""
    severe = min((finding.since for finding in facts.findings), default=None)
    grave = [finding.since for finding in facts.findings if finding.severity >= GRAVEST]
    return Signal(
        SignalCode.FINDINGS,
        _day_after(severe, thresholds.watch, over=True),
        _day_after(min(grave, default=None), thresholds.alert, over=True),
        severe,
        {"n": len(facts.findings), "gravest": len(grave)},
        tuple(f"finding/{finding.number}" for finding in facts.findings),
    )


def _gate_stale(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    stale_gates = sorted(
        (since, step.number, step.key)
        for step in facts.steps
        if not step.is_waived and (since := step.stale_since()) is not None
    )
    days = [since for since, _number, _key in stale_gates]
    ethics = [since for since, _number, key in stale_gates if key in ETHICS_GATES]
    candidates = (_nth_day(days, thresholds.alert), *ethics[:1]) if thresholds.alert else ()
    alerts = [day for day in candidates if day is not None]
    return Signal(
        SignalCode.GATE_STALE,
        _nth_day(days, thresholds.watch),
        min(alerts, default=None),
        None,
        {},
        tuple(f"gate/{number}" for _since, number, _key in stale_gates),
    )


def _goals_missed(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    days = facts.work.missed_on
    watch, alert = _nth_day(days, thresholds.watch), _nth_day(days, thresholds.alert)
    references = _last_sprint_reference(facts)
    return Signal(SignalCode.GOALS_MISSED, watch, alert, None, {"n": len(days)}, references)


def _user_session_since(facts: HealthFacts) -> date | None:
    """Counts from the first acceptance of the prototype gate."""
    step = facts.step("prototype")
    began = step.passed_on if step else None
    return began and max(began, facts.tests.last_on or began)


def _last_sprint_reference(facts: HealthFacts) -> tuple[str, ...]:
    return (f"sprint/{facts.work.last.number}",) if facts.work.last else ()


_COMPUTERS: Mapping[SignalCode, SignalComputer] = {
    SignalCode.DATA_ACCESS: _data_access,
    SignalCode.HIGH_RISK: _high_risk,
    SignalCode.FINDINGS: _findings,
    SignalCode.GATE_STALE: _gate_stale,
    SignalCode.USER_SESSION: _counting(SignalCode.USER_SESSION, _user_session_since),
    SignalCode.GOALS_MISSED: _goals_missed,
    SignalCode.NO_SPRINT: _counting(
        SignalCode.NO_SPRINT,
        lambda facts: facts.work.last.on if facts.work.last else facts.begun_on,
        _last_sprint_reference,
        over=False,
    ),
    SignalCode.NO_CONTACT: _counting(
        SignalCode.NO_CONTACT, lambda facts: facts.contact_on or facts.begun_on, over=False
    ),
    SignalCode.ADVICE: _counting(
        SignalCode.ADVICE,
        lambda facts: facts.advice.since,
        lambda facts: (f"recommendation/{n}",) if (n := facts.advice.number) is not None else (),
        lambda facts: facts.advice.n,
    ),
    SignalCode.KEY_ROLE: _counting(
        SignalCode.KEY_ROLE,
        lambda facts: min(facts.empty.values(), default=None),
        lambda facts: tuple(f"role/{role_key}" for role_key in sorted(facts.empty)),
        lambda facts: len(facts.empty),
    ),
}
