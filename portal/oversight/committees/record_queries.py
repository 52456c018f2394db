"""What stands in the record of a committee: decisions, gates, and what is still awaited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from portal.oversight.committees import policy
from portal.oversight.committees.models import Committee
from portal.oversight.committees.queries import (
    RecordedChanges,
    find_previous_committee,
    list_decided_change_requests,
)
from portal.oversight.decisions.awaited_queries import was_open_at_condition, was_project_over
from portal.oversight.decisions.models import AwaitedDecision, DecisionOutcome, DecisionStage
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.models import GateDecision
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.history import map_past_values_by_row
from portal.platform.kernel.text import fold
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.project.projects.models import Project

RECORD_MAX = 1000
_GATE_VERBS = (GateVerb.ACCEPTED, GateVerb.REFUSED, GateVerb.WAIVED, GateVerb.RESTORED)


@dataclass(frozen=True)
class RecordedDecision:
    """A decision as it was worded when the record was closed; `outcome` None: still awaited."""

    number: int
    project: Project
    question: str
    asked_at: datetime
    outcome: DecisionOutcome | None = None
    answer: str = ""
    answered_at: datetime | None = None
    is_help: bool = False  # a request for help put as a question


@dataclass(frozen=True)
class RecordedGateDecisions:
    """The last decision about each gate of a team, by the gate's number."""

    project: Project
    verbs: Mapping[int, GateVerb]


@dataclass(frozen=True)
class CommitteeRecord:
    """What a committee decided since the one before and until the end of its day, and what is still
    awaited, at a moment."""

    moment: datetime
    answered: Sequence[RecordedDecision]
    gates: Sequence[RecordedGateDecisions]
    changes: RecordedChanges
    awaited: Sequence[RecordedDecision]
    answered_after_day: Sequence[RecordedDecision]  # asked before the end of its day: the next record's
    open_before: date | None  # of the committee before, whose record takes the decisions until it is closed

    def list_discussed_decisions(self, held_on: date) -> Sequence[RecordedDecision]:
        """The decisions on the agenda of a committee held on a day: awaited, or answered since."""
        answered = [
            each for each in self.answered if each.answered_at and clock.day_of(each.answered_at) >= held_on
        ]
        discussed = [*answered, *self.answered_after_day, *self.awaited]
        return sorted(discussed, key=lambda each: each.asked_at)


def get_readable_record(actor: Actor, programme: Programme, committee: Committee) -> CommitteeRecord:
    """Its record. Raises `NotFound` where it is a draft that the actor may not read."""
    if not policy.can_read_record(actor, programme, committee):
        raise NotFound
    return cache_until_change(actor, ("record", committee.id), lambda: read_record(committee))


def read_record(committee: Committee) -> CommitteeRecord:
    """What its record holds: as it was closed, or as it stands now. Eight statements.

    A closed record starts where the record closed before it ends, whatever their days are.
    """
    moment = committee.closed_at or clock.now()
    end_of_day = clock.end_of_day(committee.held_on)
    until = committee.decided_until or committee.closed_at or min(moment, end_of_day)
    since = _find_end_of_record_before(committee.programme_id, moment)
    previous = find_previous_committee(committee) if committee.closed_at is None else None
    is_turn = previous is None or previous.closed_at is not None
    answered = _read_answered_decisions(committee.programme_id, since, moment) if is_turn else []
    gates = _read_gate_decisions(committee.programme_id, since, until) if is_turn else []
    asked_until = min(moment, end_of_day)
    return CommitteeRecord(
        moment,
        [each for each in answered if each.answered_at and each.answered_at <= until],
        gates,
        list_decided_change_requests(committee, since, until) if is_turn else [],
        _read_awaited_decisions(
            committee.programme_id, moment, asked_until, with_over=committee.lists_projects_over
        ),
        [
            each
            for each in answered
            if each.answered_at and each.answered_at > until and each.asked_at <= asked_until
        ],
        None if previous is None or is_turn else previous.held_on,
    )


def _find_end_of_record_before(programme_id: UUID, moment: datetime) -> datetime | None:
    """Until when the records closed before a moment hold what was decided."""
    last = select(func.max(func.coalesce(Committee.decided_until, Committee.closed_at)))
    return db.session.scalar(last.where(Committee.programme_id == programme_id, Committee.closed_at < moment))


def _read_answered_decisions(
    programme_id: UUID, since: datetime | None, moment: datetime
) -> Sequence[RecordedDecision]:
    statement = (
        select(AwaitedDecision, Project)
        .join(Project, Project.id == AwaitedDecision.project_id)
        .where(
            Project.programme_id == programme_id,
            AwaitedDecision.stage == DecisionStage.ANSWERED,
            AwaitedDecision.closed_at <= moment,
        )
        .order_by(AwaitedDecision.closed_at, AwaitedDecision.id)
        .limit(RECORD_MAX)
    )
    if since is not None:
        statement = statement.where(AwaitedDecision.closed_at > since)
    return _read_decisions_as_worded(statement, moment, is_answered=True)


def _read_gate_decisions(
    programme_id: UUID, since: datetime | None, moment: datetime
) -> Sequence[RecordedGateDecisions]:
    """The teams whose gates were decided between two moments, by name."""
    statement = (
        select(Project, GateDecision.gate, GateDecision.verb)
        .join(GateDecision, GateDecision.project_id == Project.id)
        .where(
            Project.programme_id == programme_id,
            GateDecision.created_at <= moment,
            GateDecision.verb.in_(_GATE_VERBS),
        )
        .order_by(GateDecision.created_at, GateDecision.id)
    )
    if since is not None:
        statement = statement.where(GateDecision.created_at > since)
    teams: dict[Project, dict[int, GateVerb]] = {}
    for project, gate, verb in db.session.execute(statement):
        teams.setdefault(project, {})[gate] = verb
    by_name = sorted(teams.items(), key=lambda team: fold(team[0].short_name))
    return [RecordedGateDecisions(project, dict(sorted(verbs.items()))) for project, verbs in by_name]


def _read_awaited_decisions(
    programme_id: UUID, moment: datetime, asked_until: datetime, *, with_over: bool
) -> Sequence[RecordedDecision]:
    """The decisions open at a moment, of those asked by the end of the committee's day; `with_over` also of
    projects that were stopped or finished by then."""
    statement = (
        select(AwaitedDecision, Project)
        .join(Project, Project.id == AwaitedDecision.project_id)
        .where(
            Project.programme_id == programme_id,
            was_open_at_condition(moment),
            AwaitedDecision.created_at <= asked_until,
        )
        .order_by(AwaitedDecision.created_at, AwaitedDecision.id)
        .limit(RECORD_MAX)
    )
    return _read_decisions_as_worded(statement, moment, is_answered=False, with_over=with_over)


def _read_decisions_as_worded(
    statement: Select[AwaitedDecision, Project],
    moment: datetime,
    *,
    is_answered: bool,
    with_over: bool = True,
) -> Sequence[RecordedDecision]:
    """The rows as they were worded at the moment, from the audit trail."""
    rows = db.session.execute(statement).all()
    ids = {each.id for row in rows for each in row}
    past = map_past_values_by_row(ids, moment) if rows else {}
    recorded = []
    for row, project in rows:
        then = past[row.id]
        if not with_over and was_project_over(past[project.id], is_over=project.is_over):
            continue
        outcome: Any = then.get("outcome") or row.outcome
        recorded.append(
            RecordedDecision(
                number=row.number,
                project=project,
                question=then.get("question", row.question),
                asked_at=row.created_at,
                outcome=DecisionOutcome(outcome) if is_answered else None,
                answer=then.get("answer", row.answer) if is_answered else "",
                answered_at=row.closed_at if is_answered else None,
                is_help=row.asks_for_help,
            )
        )
    return recorded
