"""Derived from the history of gates: next gate, progress over time, first day of a staleness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.oversight.gates import queries
from portal.oversight.gates.definition_rules import GateDefinition, StalenessCause
from portal.oversight.gates.models import GateEvaluation
from portal.oversight.gates.predicate_rules import evaluation_from_plain
from portal.oversight.gates.state_rules import (
    GateHistory,
    GateSnapshot,
    GateStanding,
    ProjectGatesProgress,
    derive_states_as_of,
    sum_progress,
)
from portal.oversight.gates.turn_rules import list_turns
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project

_AHEAD = {GateStanding.OPEN, GateStanding.PROVED, GateStanding.REFUSED}
GateKey = tuple[UUID, int]  # project, number of the gate
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


def read_completion_moments(
    waiting_since: Mapping[GateKey, datetime], definitions: Mapping[GateKey, GateDefinition]
) -> Mapping[GateKey, datetime]:
    """Since when gates that were requested, or stale, at a moment and wait for their acceptors now do
    so: that moment, or the later one at which nothing but the acceptance was missing. One statement."""
    if not waiting_since:
        return {}
    statement = (
        select(
            GateEvaluation.project_id, GateEvaluation.gate, GateEvaluation.created_at, GateEvaluation.payload
        )
        .where(or_(*(_is_since_condition(key, moment) for key, moment in waiting_since.items())))
        .order_by(GateEvaluation.created_at, GateEvaluation.id)
    )
    complete_since: dict[GateKey, datetime | None] = dict(waiting_since)
    for project_id, gate, created_at, payload in db.session.execute(statement):
        key = (project_id, gate)
        judged_at = max(created_at, waiting_since[key])
        if list_turns(definitions[key], evaluation_from_plain(payload), clock.day_of(judged_at)):
            complete_since[key] = None
        else:
            complete_since[key] = complete_since[key] or judged_at
    return {key: moment or waiting_since[key] for key, moment in complete_since.items()}


def _is_since_condition(key: GateKey, moment: datetime) -> ColumnElement[bool]:
    """Evaluations of a gate from the last one before a moment on."""
    project_id, gate = key
    earlier = aliased(GateEvaluation)
    last_before = (
        select(func.max(earlier.created_at))
        .where(earlier.project_id == project_id, earlier.gate == gate, earlier.created_at <= moment)
        .scalar_subquery()
    )
    return and_(
        GateEvaluation.project_id == project_id,
        GateEvaluation.gate == gate,
        GateEvaluation.created_at >= func.coalesce(last_before, moment),
    )
