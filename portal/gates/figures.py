"""What the history of a project's gates tells: the next gate, the three numbers over time, since
when an acceptance is stale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.gates import queries
from portal.gates.definition import Stale
from portal.gates.standing import History, Numbers, Standing, State, as_of, numbers
from portal.kernel import clock
from portal.projects.models import Project

MONTH = timedelta(days=30)
ROWS_MAX = 40


@dataclass(frozen=True)
class Row:
    """The three numbers on a day."""

    on: date
    numbers: Numbers


def find_next(states: Sequence[State]) -> State | None:
    """The gate to work on: the first one that is stale, or else not accepted yet."""
    stale = [one for one in states if one.standing is Standing.STALE]
    ahead = [one for one in states if one.standing in {Standing.OPEN, Standing.PROVED}]
    return next(iter(stale or ahead), None)


def over_time(project: Project, history: History) -> Sequence[Row]:
    """Every thirty days from the beginning, each as it was at the end of that day; today last."""
    last = queries.last_day(project, clock.today())
    days: list[date] = []
    day = project.starts_on
    while day < last and len(days) < ROWS_MAX:
        days.append(day)
        day += MONTH
    days.append(last)
    return [Row(each, _on(project, history, each)) for each in days]


def _on(project: Project, history: History, day: date) -> Numbers:
    moment = min(clock.end_of(day), clock.now())
    return numbers(as_of(history, moment, queries.last_day(project, day)))


def stale_since(project: Project, state: State) -> date | None:
    """The day of the evaluation from which an acceptance is stale without a break, or the day on
    which its evidence became too old."""
    if not state.stale or state.answer is None:
        return None
    if {one.cause for one in state.stale} == {Stale.DAYS_LATER} and state.evaluation:
        until = state.evaluation.fresh_until
        return until + timedelta(days=1) if until else None
    history, number = queries.read_whole_history(project), state.definition.number
    since: datetime | None = None
    for judged in history.evaluations:
        if judged.evaluation.gate != number or judged.at < state.answer.at:
            continue
        then = as_of(history, judged.at, clock.day_of(judged.at))
        found = next(one for one in then if one.definition.number == number)
        since = (since or judged.at) if found.stale else None
    return clock.day_of(since) if since else clock.today()
