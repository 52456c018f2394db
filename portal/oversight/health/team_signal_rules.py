"""Signals about the people around a project: contact with coaches, key roles. Pure."""

from datetime import date, timedelta

from portal.oversight.health.definition_rules import SignalCode, Thresholds
from portal.oversight.health.fact_rules import HealthFacts, TrackFacts
from portal.oversight.health.signal_rules import Signal, add_threshold_days, make_unknown_before

FIRST_JUDGED_DAYS = 21  # of a project or an assignment: no silence is judged before
LEAD_ROLE, COACH_ROLE = "lead", "coach"  # keys of `HealthFacts.empty`: nobody on any track


def first_judged_day(since: date, thresholds: Thresholds) -> date:
    """Return the day from which silence since a day is judged: FIRST_JUDGED_DAYS later, or sooner
    where a programme's threshold is lower."""
    limits = [limit for limit in (thresholds.watch, thresholds.alert) if limit is not None]
    return since + timedelta(days=min([FIRST_JUDGED_DAYS, *limits]))


def track_silent_since(track: TrackFacts, facts: HealthFacts) -> date | None:
    """Return the day from which silence on a track counts: its last session, at the earliest the
    assignment of its coach and the start of the project; None without a coach."""
    if track.assigned_on is None:
        return None
    return max(track.assigned_on, facts.starts_on, track.met_on or track.assigned_on)


def compute_no_contact(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    """Each track has its own clock; the signal is at the level of the worst one."""
    clocks = []
    for key, track in facts.tracks.items():
        since = track_silent_since(track, facts)
        if since is None or track.assigned_on is None:
            continue
        assigned_on = max(track.assigned_on, facts.starts_on)
        signal = Signal(
            SignalCode.NO_CONTACT,
            add_threshold_days(since, thresholds.watch, over=False),
            add_threshold_days(since, thresholds.alert, over=False),
            since,
            references=(f"track/{key}",),
        )
        clocks.append(make_unknown_before(signal, first_judged_day(assigned_on, thresholds)))
    if not clocks:
        return Signal(SignalCode.NO_CONTACT, known_from=None)
    first = thresholds.alert if thresholds.watch is None else thresholds.watch
    return Signal(
        SignalCode.NO_CONTACT,
        min((clock.watch_from for clock in clocks if clock.watch_from), default=None),
        min((clock.alert_from for clock in clocks if clock.alert_from), default=None),
        min(clock.counted_from for clock in clocks if clock.counted_from),
        {} if first is None else {"days": first},
        tuple(sorted(reference for clock in clocks for reference in clock.references)),
        min(clock.known_from for clock in clocks if clock.known_from),
    )


def compute_vacant_key_role(facts: HealthFacts, thresholds: Thresholds) -> Signal:
    """Since the first role that is empty; a project without lead or any coach is at WATCH from its
    first judged day on, whatever the thresholds."""
    since = min(facts.empty.values(), default=None)
    first_judged = first_judged_day(facts.starts_on, thresholds)
    watch = add_threshold_days(since, thresholds.watch, over=False)
    leaderless = [day for key, day in facts.empty.items() if key in (LEAD_ROLE, COACH_ROLE)]
    if leaderless:
        at_latest = max(min(leaderless), first_judged)
        watch = min(watch or at_latest, at_latest)
    signal = Signal(
        SignalCode.KEY_ROLE,
        watch,
        add_threshold_days(since, thresholds.alert, over=False),
        since,
        {"n": len(facts.empty)},
        tuple(f"role/{role_key}" for role_key in sorted(facts.empty)),
    )
    return make_unknown_before(signal, first_judged)
