"""Read rounds, their tasks and consent texts, filtered by what the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import require_row
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    ListPage,
    get_by_number,
    read_column_page,
    select_in_project,
)
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.rounds.models import ConsentText, RoundGroup, TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.tally_models import GroupTally, RoundTally


@dataclass(frozen=True)
class RoundDetails:
    """A round with numbers of related rows: `version` tested, `follows` the round it was copied
    from, `followed_by` its first copy. `tasks` and `sessions` are counts; sessions are those that
    started, purged ones included, without rehearsals."""

    round: TestRound
    version: int
    tasks: int
    sessions: int
    follows: int | None
    followed_by: int | None


@dataclass(frozen=True)
class GroupParticipation:
    """A target group of a round, with the planned and the actual number of participants."""

    group: TargetGroup
    participant_goal: int | None
    participants: int


@dataclass(frozen=True)
class GroupParticipationLine:
    """The name of a target group of a round, with the planned and the actual number of participants."""

    name: str
    participant_goal: int | None
    participants: int

    @property
    def is_reached(self) -> bool:
        """Whether all planned participants came; without a plan never."""
        return self.participant_goal is not None and self.participants >= self.participant_goal


_IS_COUNTED = (TestSession.started_at.is_not(None), TestSession.is_rehearsal.is_(False))


def _select_count(model: Any, *conditions: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()


def select_session_count_of_round() -> Any:
    """Select the number of counted sessions of the statement’s round, stored or purged."""
    current_sessions = _select_count(TestSession, TestSession.round_id == TestRound.id, *_IS_COUNTED)
    purged = select(RoundTally.sessions).where(RoundTally.round_id == TestRound.id).scalar_subquery()
    return current_sessions + func.coalesce(purged, 0)


def _select_original_and_copy_numbers() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    neighbour = aliased(TestRound)
    before = select(neighbour.number).where(neighbour.id == TestRound.follows_id).scalar_subquery()
    after = select(func.min(neighbour.number)).where(neighbour.follows_id == TestRound.id).scalar_subquery()
    return before, after


@cache
def _list_detail_columns() -> Sequence[Any]:
    task_count = _select_count(TestTask, TestTask.round_id == TestRound.id)
    return (
        PrototypeVersion.number,
        task_count,
        select_session_count_of_round(),
        *_select_original_and_copy_numbers(),
    )


def _select_round_details(actor: Actor, project: Project) -> Select[Any]:
    return (
        select_in_project(actor, TestRound, project)
        .add_columns(*_list_detail_columns())
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    )


def read_rounds_page(actor: Actor, project: Project, page: int) -> ListPage[RoundDetails]:
    """Return a page of rounds, the latest first."""
    details, counted = _select_round_details(actor, project), select_in_project(actor, TestRound, project)
    latest_first = TestRound.number.desc()
    return read_column_page(details, page, RoundDetails, latest_first, counted=counted)


def read_round(actor: Actor, project: Project, number: int) -> RoundDetails:
    """Read a round with its numbers. Raises `NotFound`."""
    return RoundDetails(
        *require_row(
            db.session.execute(
                _select_round_details(actor, project).where(TestRound.number == number)
            ).first()
        )
    )


def get_round(actor: Actor, project: Project, number: int) -> TestRound:
    return get_by_number(actor, TestRound, project, number)


def is_round_over(actor: Actor, project: Project, number: int) -> bool:
    """Whether a round was ended, so that no session can be added before it is reopened."""
    round_over = select_in_project(actor, TestRound, project).where(
        TestRound.number == number, TestRound.ended_on.is_not(None)
    )
    return db.session.scalar(round_over) is not None


def find_last_round(actor: Actor, project: Project) -> TestRound | None:
    project_rounds = select_in_project(actor, TestRound, project)
    return db.session.scalar(project_rounds.order_by(TestRound.number.desc()).limit(1))


def get_tested_version(round_: TestRound) -> PrototypeVersion:
    """Return the version tested by a round that the caller may see."""
    version = select(PrototypeVersion).where(PrototypeVersion.id == round_.prototype_version_id)
    return db.session.scalars(version).one()


def has_counted_sessions(round_: TestRound) -> bool:
    """Whether the round has counted sessions, stored or purged."""
    current_sessions = exists().where(TestSession.round_id == round_.id, *_IS_COUNTED)
    purged = exists().where(RoundTally.round_id == round_.id, RoundTally.sessions > 0)
    return bool(db.session.scalar(select(current_sessions | purged)))


_TASKS = (
    select(TestTask)
    .where(TestTask.round_id == bindparam("round"))
    .order_by(TestTask.position, TestTask.number)
)


def list_tasks(round_: TestRound) -> Sequence[TestTask]:
    """Return the tasks of a round that the caller may see, in order of position."""
    return db.session.scalars(_TASKS, {"round": round_.id}).all()


def get_task(round_: TestRound, number: int) -> TestTask:
    """Return a task of a round that the caller may see. Raises `NotFound`."""
    round_task = select(TestTask).where(TestTask.round_id == round_.id, TestTask.number == number)
    return require_row(db.session.scalar(round_task))


def list_group_participations(round_: TestRound) -> Sequence[GroupParticipation]:
    """Return the target groups of a round that the caller may see, by number."""
    return [
        GroupParticipation(*row)
        for row in db.session.execute(_select_group_participations(round_, TargetGroup))
    ]


def list_group_participation_lines(round_: TestRound) -> Sequence[GroupParticipationLine]:
    """Return the names of the same groups, with their participants."""
    return [
        GroupParticipationLine(*row)
        for row in db.session.execute(_select_group_participations(round_, TargetGroup.name))
    ]


def _select_group_participations(round_: TestRound, column: Any) -> Select[Any]:
    participants = _select_count(
        TestSession,
        TestSession.round_id == RoundGroup.round_id,
        TestSession.target_group_id == RoundGroup.target_group_id,
        *_IS_COUNTED,
    )
    purged = (
        select(GroupTally.participants)
        .where(
            GroupTally.round_id == RoundGroup.round_id,
            GroupTally.target_group_id == RoundGroup.target_group_id,
        )
        .scalar_subquery()
    )
    return (
        select(column, RoundGroup.participant_goal, participants + func.coalesce(purged, 0))
        .join(RoundGroup, RoundGroup.target_group_id == TargetGroup.id)
        .where(RoundGroup.round_id == round_.id)
        .order_by(TargetGroup.number)
    )


def list_round_groups(round_: TestRound) -> Sequence[RoundGroup]:
    """Return the group rows of a round that the caller may see."""
    round_groups = select(RoundGroup).where(RoundGroup.round_id == round_.id)
    return db.session.scalars(round_groups).all()


def list_consent_texts_by_language(round_: TestRound) -> Mapping[str, ConsentText]:
    """Return the consent texts of a round that the caller may see, by language."""
    consent_texts = select(ConsentText).where(ConsentText.round_id == round_.id)
    return {text.locale: text for text in db.session.scalars(consent_texts)}


def get_consent_text(round_: TestRound, locale: str) -> ConsentText:
    """Return the consent text of a round that the caller may see. Raises `NotFound`."""
    return require_row(list_consent_texts_by_language(round_).get(locale))


def _select_latest_round_column(column: Any) -> Any:
    return (
        select(column)
        .select_from(TestRound)
        .where(TestRound.project_id == bindparam("project"))
        .order_by(TestRound.number.desc())
        .limit(1)
    )


# Figures for a project page, each of the bound `project`.
ROUND_COUNT = _select_count(TestRound, TestRound.project_id == bindparam("project"))
LAST_ROUND = _select_latest_round_column(TestRound.number).scalar_subquery()
LAST_VERSION = (
    _select_latest_round_column(PrototypeVersion.number)
    .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    .scalar_subquery()
)
# The sessions of each round on that version, the last round first.
SESSION_COUNTS_ON_LAST_VERSION = rows_subquery(
    select(select_session_count_of_round().label("sessions"))
    .select_from(TestRound)
    .where(
        TestRound.prototype_version_id
        == _select_latest_round_column(TestRound.prototype_version_id).correlate(None).scalar_subquery()
    )
    .order_by(TestRound.number.desc()),
    lambda sessions: sessions,
)
FIGURES = (ROUND_COUNT, LAST_ROUND, LAST_VERSION, SESSION_COUNTS_ON_LAST_VERSION)
# Of the sprint bound as `sprint`: the number of each round, and how many sessions were held meanwhile.
SPRINT_ROUNDS = rows_subquery(
    select(TestRound.number, func.count(TestSession.id).label("sessions"))
    .join(TestSession, TestSession.round_id == TestRound.id)
    .join(Sprint, Sprint.project_id == TestRound.project_id)
    .where(
        Sprint.id == bindparam("sprint"),
        ~TestSession.is_rehearsal,
        TestSession.started_at >= Sprint.started_at,
        or_(Sprint.closed_at.is_(None), TestSession.started_at <= Sprint.closed_at),
    )
    .group_by(TestRound.number)
    .order_by(TestRound.number),
    lambda *values: values,
)


def list_round_history_subject_ids(round_: TestRound) -> Sequence[UUID]:
    """The ids of a round, of its tasks and of its consent texts: what its history is about."""
    tasks, texts = list_tasks(round_), list_consent_texts_by_language(round_).values()
    return [round_.id, *(task.id for task in tasks), *(text.id for text in texts)]


def has_round_on_version_or_later(project: Project, number: int) -> bool:
    """Whether a round is about this version of the prototype, or a later one."""
    rounds = (
        select(TestRound.id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(TestRound.project_id == project.id, PrototypeVersion.number >= number)
    )
    return db.session.scalar(rounds.limit(1)) is not None
