"""Reading rounds, their tasks and consent texts. Whatever comes back, the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    PER_PAGE,
    ListPage,
    get_by_number,
    select_in_project,
)
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.rounds.models import ConsentText, RoundGroup, TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.tally_models import GroupTally, RoundTally


@dataclass(frozen=True)
class RoundDetails:
    """A round as people speak of it: `version` is the number of the one tried, `sessions` counts
    those that began, rehearsals left out, and those that retention has purged. `follows` is the
    number of the round it was copied from, `followed_by` that of the first copied from it."""

    round: TestRound
    version: int
    tasks: int
    sessions: int
    follows: int | None
    followed_by: int | None


@dataclass(frozen=True)
class GroupParticipation:
    """A target group of a round: how many participants it would see of it, how many came."""

    group: TargetGroup
    participant_goal: int | None
    participants: int


def _is_counted(of: Any) -> tuple[Any, ...]:
    """What makes a session one that counts."""
    return (of.started_at.is_not(None), of.is_rehearsal.is_(False))


def _task_count() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(TestTask)
        .where(TestTask.round_id == TestRound.id)
        .scalar_subquery()
    )


def count_sessions_of_round() -> Any:
    """Of the round that a statement reads, those that count: held, or purged by retention."""
    current_sessions = (
        select(func.count())
        .select_from(TestSession)
        .where(TestSession.round_id == TestRound.id, *_is_counted(TestSession))
        .scalar_subquery()
    )
    purged = (
        select(RoundTally.sessions).where(RoundTally.round_id == TestRound.id).scalar_subquery()
    )
    return current_sessions + func.coalesce(purged, 0)


def _neighbours() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    neighbour = aliased(TestRound)
    before = select(neighbour.number).where(neighbour.id == TestRound.follows_id).scalar_subquery()
    after = (
        select(func.min(neighbour.number))
        .where(neighbour.follows_id == TestRound.id)
        .scalar_subquery()
    )
    return before, after


def _select_details(actor: Actor, project: Project) -> Select[Any]:
    return (
        select_in_project(actor, TestRound, project)
        .add_columns(
            PrototypeVersion.number, _task_count(), count_sessions_of_round(), *_neighbours()
        )
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    )


def list_rounds(actor: Actor, project: Project, page: int) -> ListPage[RoundDetails]:
    """The latest first."""
    project_rounds = select_in_project(actor, TestRound, project)
    count = db.session.scalar(select(func.count()).select_from(project_rounds.subquery())) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    ordered = _select_details(actor, project).order_by(TestRound.number.desc())
    rows = db.session.execute(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return ListPage([RoundDetails(*row) for row in rows], count, page)


def read_round(actor: Actor, project: Project, number: int) -> RoundDetails:
    row = db.session.execute(
        _select_details(actor, project).where(TestRound.number == number)
    ).first()
    if row is None:
        raise NotFound
    return RoundDetails(*row)


def get_round(actor: Actor, project: Project, number: int) -> TestRound:
    return get_by_number(actor, TestRound, project, number)


def find_last_round(actor: Actor, project: Project) -> TestRound | None:
    project_rounds = select_in_project(actor, TestRound, project)
    return db.session.scalar(project_rounds.order_by(TestRound.number.desc()).limit(1))


def get_version_of(round_: TestRound) -> PrototypeVersion:
    """What a round that the caller may see tries."""
    of = select(PrototypeVersion).where(PrototypeVersion.id == round_.prototype_version_id)
    return db.session.scalars(of).one()


def has_sessions(round_: TestRound) -> bool:
    """Whether somebody has tried, or had before retention purged it; rehearsals left out."""
    current_sessions = exists().where(TestSession.round_id == round_.id, *_is_counted(TestSession))
    purged = exists().where(RoundTally.round_id == round_.id, RoundTally.sessions > 0)
    return bool(db.session.scalar(select(current_sessions | purged)))


def list_tasks(round_: TestRound) -> Sequence[TestTask]:
    """In the order of their turns, of a round that the caller may see."""
    round_tasks = select(TestTask).where(TestTask.round_id == round_.id)
    return db.session.scalars(round_tasks.order_by(TestTask.position, TestTask.number)).all()


def get_task(round_: TestRound, number: int) -> TestTask:
    """Of a round that the caller may see."""
    round_task = select(TestTask).where(TestTask.round_id == round_.id, TestTask.number == number)
    task = db.session.scalar(round_task)
    if task is None:
        raise NotFound
    return task


def list_aims(round_: TestRound) -> Sequence[GroupParticipation]:
    """Of a round that the caller may see, in the order of the project's target groups."""
    participants = (
        select(func.count())
        .select_from(TestSession)
        .where(
            TestSession.round_id == RoundGroup.round_id,
            TestSession.target_group_id == RoundGroup.target_group_id,
            *_is_counted(TestSession),
        )
        .scalar_subquery()
    )
    purged = (
        select(GroupTally.participants)
        .where(
            GroupTally.round_id == RoundGroup.round_id,
            GroupTally.target_group_id == RoundGroup.target_group_id,
        )
        .scalar_subquery()
    )
    aims = (
        select(TargetGroup, RoundGroup.participant_goal, participants + func.coalesce(purged, 0))
        .join(RoundGroup, RoundGroup.target_group_id == TargetGroup.id)
        .where(RoundGroup.round_id == round_.id)
        .order_by(TargetGroup.number)
    )
    return [
        GroupParticipation(group, goal, count) for group, goal, count in db.session.execute(aims)
    ]


def list_group_rows(round_: TestRound) -> Sequence[RoundGroup]:
    """Of a round that the caller may see."""
    round_groups = select(RoundGroup).where(RoundGroup.round_id == round_.id)
    return db.session.scalars(round_groups).all()


def list_consents(round_: TestRound) -> Mapping[str, ConsentText]:
    """By language, of a round that the caller may see."""
    consent_texts = select(ConsentText).where(ConsentText.round_id == round_.id)
    return {text.locale: text for text in db.session.scalars(consent_texts)}


def get_consent(round_: TestRound, locale: str) -> ConsentText:
    """Of a round that the caller may see."""
    text = list_consents(round_).get(locale)
    if text is None:
        raise NotFound
    return text


def _of_bound_project(column: Any) -> Any:
    return (
        select(column)
        .select_from(TestRound)
        .where(TestRound.project_id == bindparam("project"))
        .order_by(TestRound.number.desc())
        .limit(1)
    )


# What a project's own page says of its tests, each about the project bound as `project`.
ROUND_COUNT = (
    select(func.count())
    .select_from(TestRound)
    .where(TestRound.project_id == bindparam("project"))
    .scalar_subquery()
)
LAST_ROUND = _of_bound_project(TestRound.number).scalar_subquery()
LAST_VERSION = (
    _of_bound_project(PrototypeVersion.number)
    .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    .scalar_subquery()
)
LAST_SESSION_COUNT = _of_bound_project(
    count_sessions_of_round().label("sessions")
).scalar_subquery()
FIGURES = (ROUND_COUNT, LAST_ROUND, LAST_VERSION, LAST_SESSION_COUNT)
