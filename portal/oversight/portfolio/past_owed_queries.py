"""What a programme owed its teams at the end of a past day, for its leads: decisions awaited, gates
asked or stale, help that nobody took or somebody has, reviews without a reviewer, re-reviews to confirm,
requests and instalments, coaches whom nobody saw."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.ethics.rereviews.past_waiting_queries import list_unconfirmed_answer_times
from portal.ethics.reviews.past_waiting_queries import list_submission_times_without_reviewer_by_project
from portal.funding.change_requests.queries import list_undecided_filing_times_by_project
from portal.funding.instalments.past_waiting_queries import list_wait_starts_by_project
from portal.oversight.decisions.awaited_queries import list_open_questions_by_project
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.models import GateDecision
from portal.oversight.health.silent_coach_queries import (
    find_coach_vacancy_start,
    find_unattended_contact_alert,
)
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.owed_queries import ProgrammeWaitingCounts, TeamWaitingCounts
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.to_decide_queries import list_waiting_kinds

WaitingEntry = tuple[str, date]  # code of a kind of what waits, and the day since which it did


def read_past_waiting_counts(
    actor: Actor, teams: Sequence[PortfolioTeam], moment: datetime, zone: str
) -> ProgrammeWaitingCounts:
    """What waited in the teams of a page, as known at the end of a day, for a lead of their
    programme; instalments for one who is its operator too. A constant number of statements."""
    states = {team.project.id: team.state for team in teams if team.state is not None}
    places = _map_places_by_code()
    by_team = {}
    for id_, owed in list_past_waiting_entries(states, moment, zone, actor).items():
        code, since = min(owed, key=lambda entry: (entry[1], places[entry[0]]))
        days = max(0, (states[id_].day - since).days)
        by_team[id_] = TeamWaitingCounts(len(owed), code, days, is_own=False)
    return ProgrammeWaitingCounts(by_team=by_team)


def list_past_waiting_entries(
    states: Mapping[UUID, HealthSnapshot], moment: datetime, zone: str, actor: Actor | None = None
) -> Mapping[UUID, Sequence[WaitingEntry]]:
    """What waited at a moment for a lead of the programme of these teams, as « À décider » had it, by team,
    where anything did, kind by kind, the oldest first; without an actor what waits for whichever lead, and
    no instalments. A constant number of statements."""
    entries = _list_past_row_entries(actor, states, moment, zone)
    requests = _read_last_gate_request_days(list(states), moment, zone)
    owed = {
        id_: [*entries.get(id_, ()), *_iterate_waiting_health_entries(state, requests.get(id_, {}))]
        for id_, state in states.items()
    }
    places = _map_places_by_code()
    return {
        id_: sorted(of_team, key=lambda entry: (places[entry[0]], entry[1]))
        for id_, of_team in owed.items()
        if of_team
    }


def _map_places_by_code() -> Mapping[str, int]:
    """The place of each kind of what waits, by its code."""
    return {kind.code: place for place, kind in enumerate(list_waiting_kinds())}


def _list_past_row_entries(
    actor: Actor | None, states: Mapping[UUID, HealthSnapshot], moment: datetime, zone: str
) -> Mapping[UUID, Sequence[WaitingEntry]]:
    """What rows and the audit trail say that waited, by project: of one that was over, its funding alone."""
    ids = list(states)
    entries: dict[UUID, list[WaitingEntry]] = defaultdict(list)

    def add_moments(code: str, moments: Mapping[UUID, Iterable[datetime]]) -> None:
        for id_, since in moments.items():
            entries[id_].extend((code, clock.day_of(each, zone)) for each in since)

    questions = list_open_questions_by_project(ids, moment)
    for code, is_help in (("decisions", False), ("help_questions", True)):
        add_moments(
            code,
            {
                id_: [
                    each.asked_at
                    for each in of_team
                    if each.is_help is is_help and not (is_help and each.is_taken)
                ]
                for id_, of_team in questions.items()
            },
        )
    not_over = [id_ for id_, state in states.items() if not state.facts.is_over]
    add_moments("reviews", list_submission_times_without_reviewer_by_project(not_over, moment))
    add_moments("rereviews", list_unconfirmed_answer_times(actor, not_over, moment))
    add_moments("funding_changes", list_undecided_filing_times_by_project(ids, moment))
    instalments = list_wait_starts_by_project(actor, ids, moment, zone) if actor else {}
    for id_, days in instalments.items():
        entries[id_].extend(("instalments", day) for day in days)
    return entries


def _iterate_waiting_health_entries(
    state: HealthSnapshot, requests: Mapping[int, date]
) -> Iterator[WaitingEntry]:
    """What the health of that day says: help and coaches of a team under way, gates of one that was
    not over."""
    day, facts = state.day, state.facts
    if facts.is_over:
        return
    for step in facts.steps:
        since = step.stale_since()
        if step.is_waived:
            continue
        if step.is_asked:
            yield "gates", requests.get(step.number, day)
        elif since is not None and since <= day:
            yield "stale", since
    if not facts.goes_on:
        return
    for since in facts.work.list_help_request_days():
        yield "clinics", since
    if signal := find_unattended_contact_alert(state):
        yield "coaches", signal.counted_from or day
    if vacant_since := find_coach_vacancy_start(state):
        yield "coachless", vacant_since


def _read_last_gate_request_days(
    ids: Sequence[UUID], moment: datetime, zone: str
) -> Mapping[UUID, Mapping[int, date]]:
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
