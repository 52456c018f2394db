"""What a programme owed its teams at the end of a past day, for its leads: decisions awaited, change
requests, gates asked or stale, help that nobody took, coaches whom nobody saw."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.funding.change_requests.queries import list_undecided_at
from portal.oversight.decisions.awaited_queries import list_asked_questions_at
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.models import GateDecision
from portal.oversight.health.silent_coach_queries import find_silence, find_vacancy
from portal.oversight.health.state_rules import HealthState
from portal.oversight.portfolio.owed_queries import ProgrammeOwed, TeamOwed
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.platform.kernel import clock
from portal.platform.kernel.database import db

_Entry = tuple[str, date]  # code of a kind of what waits, and the day since which it did


def read_past_owed(teams: Sequence[PortfolioTeam], moment: datetime, zone: str) -> ProgrammeOwed:
    """What waited in the teams of a page, as known at the end of a day. Four statements."""
    states = {team.project.id: team.state for team in teams if team.state is not None}
    questions = list_asked_questions_at(list(states), moment)
    changes = list_undecided_at(list(states), moment)
    requests = _find_requests(list(states), moment, zone)
    by_team = {}
    for id_, state in states.items():
        decisions = [("decisions", clock.day_of(each.asked_at, zone)) for each in questions.get(id_, ())]
        filed = [("funding_changes", clock.day_of(at, zone)) for at in changes.get(id_, ())]
        entries = [
            *decisions,
            *filed,
            *(_list_signs(state, requests.get(id_, {})) if state.facts.goes_on else ()),
        ]
        if entries:
            code, since = min(entries, key=lambda entry: entry[1])
            days = max(0, (state.day - since).days)
            by_team[id_] = TeamOwed(len(entries), code, days, is_own=False)
    return ProgrammeOwed(by_team=by_team)


def _list_signs(state: HealthState, requests: Mapping[int, date]) -> Iterator[_Entry]:
    day, last = state.day, state.facts.work.last
    if last and last.help_wanted and last.help_since and not last.help_taken:
        yield "clinics", last.help_since
    for step in state.facts.steps:
        since = step.stale_since()
        if step.is_waived:
            continue
        if step.is_asked:
            yield "gates", requests.get(step.number, day)
        elif since is not None and since <= day:
            yield "stale", since
    if signal := find_silence(state):
        yield "coaches", signal.since(day) or day
    if vacant_since := find_vacancy(state):
        yield "coachless", vacant_since


def _find_requests(ids: Sequence[UUID], moment: datetime, zone: str) -> Mapping[UUID, Mapping[int, date]]:
    """The day of the last request of each gate until a moment, by project."""
    statement = (
        select(GateDecision.project_id, GateDecision.gate, func.max(GateDecision.created_at))
        .where(
            GateDecision.project_id.in_(ids),
            GateDecision.verb == GateVerb.DECLARED,
            GateDecision.created_at <= moment,
        )
        .group_by(GateDecision.project_id, GateDecision.gate)
    )
    requests: dict[UUID, dict[int, date]] = {}
    for project_id, gate, requested_at in db.session.execute(statement):
        requests.setdefault(project_id, {})[gate] = clock.day_of(requested_at, zone)
    return requests
