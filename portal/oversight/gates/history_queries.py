"""Derived from the history of gates: next gate, progress over time, first day of a staleness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.oversight.gates import queries
from portal.oversight.gates.definition_rules import StalenessCause
from portal.oversight.gates.state_rules import (
    GateHistory,
    GateSnapshot,
    GateStanding,
    ProjectGatesProgress,
    derive_states_as_of,
    sum_progress,
)
from portal.platform.kernel import clock
from portal.project.projects.models import Project

_AHEAD = {GateStanding.OPEN, GateStanding.PROVED, GateStanding.REFUSED}
MONTH = timedelta(days=30)
ROWS_MAX = 40


@dataclass(frozen=True)
class DatedGatesProgress:
    """Progress at the end of a day."""

    on: date
    numbers: ProjectGatesProgress


def find_next_gate(states: Sequence[GateSnapshot]) -> GateSnapshot | None:
    """Return the gate to work on: the first stale one, else the first not accepted yet."""
    stale = [state for state in states if state.standing is GateStanding.STALE]
    ahead = [state for state in states if state.standing in _AHEAD]
    return next(iter(stale or ahead), None)


def list_progress_over_time(project: Project, history: GateHistory) -> Sequence[DatedGatesProgress]:
    """Return progress every 30 days since the project began, and on its last day (today)."""
    last = queries.cap_day_at_project_end(project, clock.today())
    days: list[date] = []
    day = project.starts_on
    while day < last and len(days) < ROWS_MAX:
        days.append(day)
        day += MONTH
    days.append(last)
    return [DatedGatesProgress(day, _read_progress_on(project, history, day)) for day in days]


def _read_progress_on(project: Project, history: GateHistory, day: date) -> ProjectGatesProgress:
    moment = min(clock.end_of_day(day), clock.now())
    return sum_progress(derive_states_as_of(history, moment, queries.cap_day_at_project_end(project, day)))


def find_stale_since(project: Project, state: GateSnapshot) -> date | None:
    """Return the day since which an acceptance has been stale without a break; None if it is not.
    That is the day of an evaluation, or the day after the evidence expired."""
    if not state.stale or state.answer is None:
        return None
    if {staleness.cause for staleness in state.stale} == {StalenessCause.DAYS_LATER} and state.evaluation:
        until = state.evaluation.fresh_until
        return until + timedelta(days=1) if until else None
    history, number = queries.read_project_gate_history(project), state.definition.number
    since: datetime | None = None
    for judged in history.evaluations:
        if judged.evaluation.gate != number or judged.at < state.answer.at:
            continue
        states = derive_states_as_of(history, judged.at, clock.day_of(judged.at))
        past_state = next(past for past in states if past.definition.number == number)
        since = (since or judged.at) if past_state.stale else None
    return clock.day_of(since) if since else clock.today()
