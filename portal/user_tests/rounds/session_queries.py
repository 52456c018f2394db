"""Read sessions: one with all its rows, or those of a round. Filtered by what the actor sees."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import require_row
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    bound_select_parameters,
    iterate_row_batches_in_programme,
    select_bound_in_project,
    select_in_project,
)
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.rounds import policy
from portal.user_tests.rounds.models import ConsentText, RoundGroup, TestRound, TestTask
from portal.user_tests.rounds.queries import list_tasks
from portal.user_tests.rounds.session_models import ParticipantLink, ScaleAnswer, TaskResult, TestSession
from portal.user_tests.rounds.sum_rules import ITEM_COUNTS

_FRESH = {"populate_existing": True}


@dataclass(frozen=True)
class SessionDetails:
    """A session with its rows. `groups`: those of its round, and its own; `results` by task id,
    `answers` by item number. `link`: the usable link, if there is one."""

    session: TestSession
    round: TestRound
    observer: str
    groups: Sequence[TargetGroup]
    tasks: Sequence[TestTask]
    results: Mapping[UUID, TaskResult]
    answers: Mapping[int, ScaleAnswer]
    link: ParticipantLink | None

    @property
    def items(self) -> int:
        """Return the number of items of the round's scale."""
        return ITEM_COUNTS.get(self.round.scale, 0)

    @property
    def is_answered_by_participant(self) -> bool:
        """Whether the participant answered through a link; these answers cannot be changed."""
        return any(answer.typed_by_id is None for answer in self.answers.values())

    @property
    def tasks_without_result(self) -> Sequence[TestTask]:
        """Tasks of the round of which nothing was noted yet."""
        noted = {id_ for id_, result in self.results.items() if result.outcome is not None}
        return [task for task in self.tasks if task.id not in noted]

    @property
    def missing_answer_count(self) -> int:
        """How many items of the scale have no answer, unless the participant may still answer by a link."""
        return 0 if self.link else self.items - len(self.answers)

    @property
    def group(self) -> TargetGroup | None:
        matches = [group for group in self.groups if group.id == self.session.target_group_id]
        return matches[0] if matches else None


@dataclass(frozen=True)
class SessionRow:
    """A session in a list: name of its group, number of tasks with an outcome."""

    session: TestSession
    group: str | None
    outcome_count: int


@dataclass(frozen=True)
class RoundSessionLine:
    """A session as a line of its round’s page: number of items of the round’s scale, name of its group,
    number of tasks with an outcome, and of answers to these items."""

    item_count: int
    number: int
    started_at: datetime | None
    ended_at: datetime | None
    is_rehearsal: bool
    group: str | None
    outcome_count: int
    answer_count: int

    @property
    def code(self) -> str:
        return f"P{self.number}"

    @property
    def lacks_answers(self) -> bool:
        """Whether it ended with a part of the answers, which gives no score."""
        return self.ended_at is not None and 0 < self.answer_count < self.item_count


def read_session(actor: Actor, project: Project, number: int) -> SessionDetails:
    """Read a session by its number, in a constant number of statements. Raises `NotFound`."""
    values = {"number": number, **bound_select_parameters(actor, project)}
    return _read_session_details(*require_row(db.session.execute(_SESSION, values).first()))


_SESSION = (
    select_bound_in_project(TestSession)
    .add_columns(TestRound, Person.name)
    .join(TestRound, TestRound.id == TestSession.round_id)
    .join(Person, Person.id == TestSession.observer_id)
    .where(TestSession.number == bindparam("number"))
    .execution_options(**_FRESH)
)
_RESULTS = select(TaskResult).where(TaskResult.session_id == bindparam("session"))
_ANSWERS = select(ScaleAnswer).where(ScaleAnswer.session_id == bindparam("session"))
_GROUP_CHOICES = (
    select(TargetGroup)
    .where(
        TargetGroup.id.in_(
            select(RoundGroup.target_group_id).where(RoundGroup.round_id == bindparam("round"))
        )
        | (TargetGroup.id == bindparam("also"))
    )
    .order_by(TargetGroup.number)
)


def _read_session_details(session: TestSession, round_: TestRound, observer: str) -> SessionDetails:
    own = {"session": session.id}
    return SessionDetails(
        session=session,
        round=round_,
        observer=observer,
        groups=list_selectable_groups(round_, session.target_group_id),
        tasks=list_tasks(round_),
        results={result.task_id: result for result in _fetch_fresh_rows(_RESULTS, own)},
        answers={answer.item: answer for answer in _fetch_fresh_rows(_ANSWERS, own)},
        link=find_usable_link(session),
    )


def reload_session(details: SessionDetails) -> SessionDetails:
    """Read the session again, whose row the caller has locked."""
    return _read_session_details(details.session, details.round, details.observer)


def _fetch_fresh_rows(statement: Any, values: Mapping[str, Any]) -> Iterable[Any]:
    """Run a statement that refreshes rows already loaded in this transaction."""
    return db.session.scalars(statement, values, execution_options=_FRESH)


def count_tasks(round_: TestRound) -> int:
    task_count = select(func.count()).select_from(TestTask).where(TestTask.round_id == round_.id)
    return db.session.scalar(task_count) or 0


def list_selectable_groups(round_: TestRound, also: UUID | None = None) -> Sequence[TargetGroup]:
    """Return the target groups of a round, and the group with the id `also`."""
    return db.session.scalars(_GROUP_CHOICES, {"round": round_.id, "also": also}).all()


def find_earliest_possible_consent_day(project: Project, round_: TestRound) -> date:
    """Return the first possible day of consent: start of the project or release of the version."""
    same_version = PrototypeVersion.id == round_.prototype_version_id
    version_released_on = db.session.scalars(select(PrototypeVersion.released_on).where(same_version)).one()
    return min(project.starts_on, version_released_on)


def list_consent_languages(round_: TestRound) -> Sequence[str]:
    """Return the languages of the round’s consent texts."""
    locales = select(ConsentText.locale).where(ConsentText.round_id == round_.id)
    return db.session.scalars(locales.order_by(ConsentText.locale.desc())).all()


def find_usable_link(session: TestSession) -> ParticipantLink | None:
    """Return the latest usable link of a session."""
    usable = select(ParticipantLink).where(
        ParticipantLink.session_id == session.id, *usable_link_conditions()
    )
    return db.session.scalar(usable.order_by(ParticipantLink.id.desc()).limit(1))


def usable_link_conditions() -> tuple[Any, ...]:
    """Return the conditions for a usable link: not used, not revoked, not expired."""
    return (
        ParticipantLink.used_at.is_(None),
        ParticipantLink.revoked_at.is_(None),
        ParticipantLink.expires_at > clock.now(),
    )


def list_sessions(actor: Actor, project: Project, round_: TestRound) -> Sequence[SessionRow]:
    """Return all sessions of a round, by number, rehearsals included."""
    outcome_count = (
        select(func.count(TaskResult.outcome))
        .where(TaskResult.session_id == TestSession.id)
        .scalar_subquery()
    )
    sessions = (
        select_in_project(actor, TestSession, project)
        .add_columns(TargetGroup.name, outcome_count)
        .outerjoin(TargetGroup, TargetGroup.id == TestSession.target_group_id)
        .where(TestSession.round_id == round_.id)
        .order_by(TestSession.number)
    )
    return [SessionRow(*row) for row in db.session.execute(sessions)]


def list_session_lines(round_: TestRound) -> Sequence[RoundSessionLine]:
    """Return all sessions of a round that the caller may see, by number, rehearsals included."""
    answer_count = select(func.count()).where(ScaleAnswer.session_id == TestSession.id).scalar_subquery()
    sessions = (
        select(
            TestSession.number,
            TestSession.started_at,
            TestSession.ended_at,
            TestSession.is_rehearsal,
            TargetGroup.name,
            func.count(TaskResult.outcome),
            answer_count,
        )
        .outerjoin(TargetGroup, TargetGroup.id == TestSession.target_group_id)
        .outerjoin(TaskResult, TaskResult.session_id == TestSession.id)
        .where(TestSession.round_id == round_.id)
        .group_by(TestSession.id, TargetGroup.id)
        .order_by(TestSession.number)
    )
    item_count = ITEM_COUNTS.get(round_.scale, 0)
    return [RoundSessionLine(item_count, *row) for row in db.session.execute(sessions)]


MeasuredSession = tuple[TestSession, Sequence[tuple[int, TaskResult]], Sequence[ScaleAnswer]]


def iterate_measured_session_batches(
    actor: Actor, programme_id: UUID, after: UUID | None
) -> Iterator[Sequence[MeasuredSession]]:
    """Yield batches of the sessions of a programme whose raw rows the actor may export, by id, each with
    the results of its tasks by their number and its answers: three statements a batch."""
    for sessions in iterate_row_batches_in_programme(
        actor, TestSession, programme_id, after, policy.exportable_sessions_condition
    ):
        yield _read_measured_sessions(sessions)


def _read_measured_sessions(sessions: Sequence[TestSession]) -> Sequence[MeasuredSession]:
    ids = [session.id for session in sessions]
    results: dict[UUID, list[tuple[int, TaskResult]]] = defaultdict(list)
    of_tasks = select(TaskResult, TestTask.number).join(TestTask, TestTask.id == TaskResult.task_id)
    for result, number in db.session.execute(
        of_tasks.where(TaskResult.session_id.in_(ids)).order_by(TestTask.number)
    ):
        results[result.session_id].append((number, result))
    answers: dict[UUID, list[ScaleAnswer]] = defaultdict(list)
    of_scale = select(ScaleAnswer).where(ScaleAnswer.session_id.in_(ids)).order_by(ScaleAnswer.item)
    for answer in db.session.scalars(of_scale):
        answers[answer.session_id].append(answer)
    return [(session, results[session.id], answers[session.id]) for session in sessions]


def list_session_results(
    actor: Actor, project: Project, round_: TestRound
) -> Iterable[tuple[SessionRow, Mapping[UUID, TaskResult], Mapping[int, int]]]:
    """Return all sessions of a round, with results by task id and answers by item number.

    In a constant number of statements.
    """
    listed = list_sessions(actor, project, round_)
    round_session_ids = select(TestSession.id).where(TestSession.round_id == round_.id)
    results: dict[UUID, dict[UUID, TaskResult]] = defaultdict(dict)
    for result in db.session.scalars(select(TaskResult).where(TaskResult.session_id.in_(round_session_ids))):
        results[result.session_id][result.task_id] = result
    answers: dict[UUID, dict[int, int]] = defaultdict(dict)
    for answer in db.session.scalars(
        select(ScaleAnswer).where(ScaleAnswer.session_id.in_(round_session_ids))
    ):
        answers[answer.session_id][answer.item] = answer.value
    return [(row, results[row.session.id], answers[row.session.id]) for row in listed]
