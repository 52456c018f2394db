"""Compute the health signals of a project from its facts. Pure.

Nothing to judge is UNKNOWN, never FINE.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from portal.oversight.gates.forecast_rules import NO_STEPS, LatenessIncrements
from portal.oversight.health.definition_rules import SignalCode, SignalDefinition, Thresholds
from portal.oversight.health.fact_rules import HealthFacts
from portal.oversight.health.lateness_rules import compute_lateness, find_first_judged_day
from portal.oversight.health.signal_rules import (
    Signal,
    add_threshold_days,
    known_always_or_never,
    make_unknown_before,
    nth_day,
)
from portal.oversight.health.team_signal_rules import (
    compute_no_contact,
    compute_vacant_key_role,
    first_judged_day,
)
from portal.platform.kernel.months import months_after

ETHICS_GATES = ("framing", "exposure")  # keys of gates that are stale for ETHICS_STALE_DAYS at most
ETHICS_STALE_DAYS = 14
GRAVEST = 4  # severity of a finding


def compute_signals(
    facts: HealthFacts,
    definitions: Mapping[SignalCode, SignalDefinition],
    day: date,
    before: Iterable[Signal] = (),
    steps: LatenessIncrements = NO_STEPS,
) -> Sequence[Signal]:
    """Return all signals as of a day, none unless the project is active. `before` are the signals
    stored last: a lateness, which has no date of its own, keeps its first day. `steps` are those of
    the programme."""
    if not facts.goes_on:
        return ()
    previous = {signal.code: signal for signal in before}
    return [
        compute_gate_slip(facts, definitions[code].thresholds, day, previous.get(code), steps)
        if code is SignalCode.GATE_SLIP
        else _COMPUTERS[code](facts, definitions[code].thresholds)
        for code in SignalCode
        if code in definitions
    ]


def is_tested(facts: HealthFacts) -> bool:
    """Whether users tested something, or severe findings are open; of a team that rests too."""
    return bool(facts.tests.last_on or facts.findings)


def is_reviewed(facts: HealthFacts) -> bool:
    """Whether risks are open, or a review was submitted; of a team that rests too."""
    is_submitted = any(status != "draft" for status in facts.ethics.reviews.values())
    return bool(facts.unowned or facts.ethics.risks or is_submitted)


SignalComputer = Callable[[HealthFacts, Thresholds], Signal]


def _compute_data_access(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    """What G2's predicates say now, whatever was accepted before; not before they were last lost."""
    step = facts.step("data")
    if step is None or step.is_waived:
        return Signal(SignalCode.DATA_ACCESS, known_from=None)
    watch, alert = (
        None
        if n is None or step.is_proved
        else max(months_after(step.due_on, n), step.unproved_on or date.min)
        for n in (thresholds.watch, thresholds.alert)
    )
    return Signal(
        SignalCode.DATA_ACCESS,
        watch,
        alert,
        step.due_on,
        {} if step.is_proved else {"n": step.lacking},
        (f"gate/{step.number}",),
        step.due_on,
    )


def compute_gate_slip(
    facts: HealthFacts, thresholds: Thresholds, day: date, previous: Signal | None, steps: LatenessIncrements
) -> Signal:
    """Lateness of the last open gate; not judged before two gates were due, nor without an open
    gate."""
    lateness, first = compute_lateness(facts, steps), find_first_judged_day(facts)
    if lateness is None or first is None:
        return Signal(SignalCode.GATE_SLIP, known_from=None)
    watch_before, alert_before = (previous.watch_from, previous.alert_from) if previous else (None, None)
    signal = Signal(
        SignalCode.GATE_SLIP,
        lateness.first_day_over(thresholds.watch, day, watch_before),
        lateness.first_day_over(thresholds.alert, day, alert_before),
        parameters={"shift": lateness.shift, "ranged": int(lateness.has_range)},
        references=(f"gate/{lateness.last.number}",),
    )
    return make_unknown_before(signal, first)


def _compute_high_risk(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    """UNKNOWN without an open risk and without a submitted review."""
    risks = sorted(facts.unowned, key=lambda risk: (risk.since, risk.number))
    days = [risk.since for risk in risks]
    return Signal(
        SignalCode.HIGH_RISK,
        nth_day(days, thresholds.watch),
        nth_day(days, thresholds.alert),
        None,
        {"n": len(risks)},
        tuple(f"risk/{risk.number}" for risk in risks),
        known_always_or_never(is_reviewed(facts)),
    )


def _compute_severe_findings(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    """WATCH counts from the oldest severe finding, ALERT from the oldest of severity 4; UNKNOWN
    before a test."""
    severe = min((finding.since for finding in facts.findings), default=None)
    grave = [finding.since for finding in facts.findings if finding.severity >= GRAVEST]
    return Signal(
        SignalCode.FINDINGS,
        add_threshold_days(severe, thresholds.watch, over=True),
        add_threshold_days(min(grave, default=None), thresholds.alert, over=True),
        severe,
        {"n": len(facts.findings), "gravest": len(grave)},
        tuple(f"finding/{finding.number}" for finding in facts.findings),
        known_always_or_never(is_tested(facts)),
    )


def _compute_stale_gates(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    """Counts since the first acceptance in force that is stale, ethics gates apart."""
    stale_gates = sorted(
        (since, step.number, step.key)
        for step in facts.steps
        if not step.is_waived and (since := step.stale_since()) is not None
    )
    first = stale_gates[0][0] if stale_gates else None
    ethics = [since for since, _number, key in stale_gates if key in ETHICS_GATES]
    ethics_days = thresholds.alert and min(thresholds.alert, ETHICS_STALE_DAYS)
    alerts = (
        add_threshold_days(first, thresholds.alert, over=True),
        add_threshold_days(min(ethics, default=None), ethics_days, over=True),
    )
    return Signal(
        SignalCode.GATE_STALE,
        add_threshold_days(first, thresholds.watch, over=True),
        min((day for day in alerts if day), default=None),
        first,
        {},
        tuple(f"gate/{number}" for _since, number, _key in stale_gates),
        known_always_or_never(any(step.passed_on and not step.is_waived for step in facts.steps)),
    )


def _compute_user_session(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    """Counts from the first acceptance of the prototype gate; UNKNOWN before."""
    step = facts.step("prototype")
    began = step.first_passed_on if step else None
    since = began and max(began, facts.tests.last_on or began)
    return Signal(
        SignalCode.USER_SESSION,
        add_threshold_days(since, thresholds.watch, over=True),
        add_threshold_days(since, thresholds.alert, over=True),
        since,
        known_from=known_always_or_never(began is not None),
    )


def _compute_goals_missed(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    days = facts.work.missed_on
    watch, alert = nth_day(days, thresholds.watch), nth_day(days, thresholds.alert)
    references = _last_sprint_reference(facts)
    known_from = known_always_or_never(bool(facts.work.last or days))
    return Signal(SignalCode.GOALS_MISSED, watch, alert, None, {"n": len(days)}, references, known_from)


def _last_sprint_reference(facts: HealthFacts) -> tuple[str, ...]:
    return (f"sprint/{facts.work.last.number}",) if facts.work.last else ()


def _compute_sprint_silence(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    since = facts.work.last.on if facts.work.last else facts.starts_on
    signal = Signal(
        SignalCode.NO_SPRINT,
        add_threshold_days(since, thresholds.watch, over=False),
        add_threshold_days(since, thresholds.alert, over=False),
        since,
        references=_last_sprint_reference(facts),
    )
    return make_unknown_before(signal, first_judged_day(facts.starts_on, thresholds))


def _compute_unanswered_advice(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    advice = facts.advice
    return Signal(
        SignalCode.ADVICE,
        add_threshold_days(advice.since, thresholds.watch, over=True),
        add_threshold_days(advice.since, thresholds.alert, over=True),
        advice.since,
        {"n": advice.n},
        () if advice.number is None else (f"recommendation/{advice.number}",),
        known_always_or_never(bool(advice.n or advice.total)),
    )


_COMPUTERS: Mapping[SignalCode, SignalComputer] = {
    SignalCode.DATA_ACCESS: _compute_data_access,
    SignalCode.HIGH_RISK: _compute_high_risk,
    SignalCode.FINDINGS: _compute_severe_findings,
    SignalCode.GATE_STALE: _compute_stale_gates,
    SignalCode.USER_SESSION: _compute_user_session,
    SignalCode.GOALS_MISSED: _compute_goals_missed,
    SignalCode.NO_SPRINT: _compute_sprint_silence,
    SignalCode.NO_CONTACT: compute_no_contact,
    SignalCode.ADVICE: _compute_unanswered_advice,
    SignalCode.KEY_ROLE: compute_vacant_key_role,
}
