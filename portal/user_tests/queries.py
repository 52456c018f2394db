"""Reading rounds, their tasks and consent texts. Whatever comes back, the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from portal.framing.models import TargetGroup
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, Page, get_one, of_project
from portal.prototypes.models import PrototypeVersion
from portal.user_tests.models import ConsentText, RoundGroup, TestRound, TestTask
from portal.user_tests.sessions import TestSession
from portal.user_tests.tallies import GroupTally, RoundTally


@dataclass(frozen=True)
class Told:
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
class Aim:
    """A target group of a round: how many participants it would see of it, how many came."""

    group: TargetGroup
    wanted: int | None
    came: int


def _counts(of: Any) -> tuple[Any, ...]:
    """What makes a session one that counts."""
    return (of.started_at.is_not(None), of.is_rehearsal.is_(False))


def _tasks() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(TestTask)
        .where(TestTask.round_id == TestRound.id)
        .scalar_subquery()
    )


def sessions_of_round() -> Any:
    """Of the round that a statement reads, those that count: held, or purged by retention."""
    held = (
        select(func.count())
        .select_from(TestSession)
        .where(TestSession.round_id == TestRound.id, *_counts(TestSession))
        .scalar_subquery()
    )
    purged = (
        select(RoundTally.sessions).where(RoundTally.round_id == TestRound.id).scalar_subquery()
    )
    return held + func.coalesce(purged, 0)


def _neighbours() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    one = aliased(TestRound)
    before = select(one.number).where(one.id == TestRound.follows_id).scalar_subquery()
    after = select(func.min(one.number)).where(one.follows_id == TestRound.id).scalar_subquery()
    return before, after


def _told(actor: Actor, project: Project) -> Select[Any]:
    return (
        of_project(actor, TestRound, project)
        .add_columns(PrototypeVersion.number, _tasks(), sessions_of_round(), *_neighbours())
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    )


def read_rounds(actor: Actor, project: Project, page: int) -> Page[Told]:
    """The latest first."""
    mine = of_project(actor, TestRound, project)
    count = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    ordered = _told(actor, project).order_by(TestRound.number.desc())
    found = db.session.execute(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return Page([Told(*row) for row in found], count, page)


def read_round(actor: Actor, project: Project, number: int) -> Told:
    found = db.session.execute(_told(actor, project).where(TestRound.number == number)).first()
    if found is None:
        raise NotFound
    return Told(*found)


def get_round(actor: Actor, project: Project, number: int) -> TestRound:
    return get_one(actor, TestRound, project, number)


def find_last_round(actor: Actor, project: Project) -> TestRound | None:
    mine = of_project(actor, TestRound, project)
    return db.session.scalar(mine.order_by(TestRound.number.desc()).limit(1))


def get_version_of(round_: TestRound) -> PrototypeVersion:
    """What a round that the caller may see tries."""
    of = select(PrototypeVersion).where(PrototypeVersion.id == round_.prototype_version_id)
    return db.session.scalars(of).one()


def has_sessions(round_: TestRound) -> bool:
    """Whether somebody has tried, or had before retention purged it; rehearsals left out."""
    held = exists().where(TestSession.round_id == round_.id, *_counts(TestSession))
    purged = exists().where(RoundTally.round_id == round_.id, RoundTally.sessions > 0)
    return bool(db.session.scalar(select(held | purged)))


def list_tasks(round_: TestRound) -> Sequence[TestTask]:
    """In the order of their turns, of a round that the caller may see."""
    mine = select(TestTask).where(TestTask.round_id == round_.id)
    return db.session.scalars(mine.order_by(TestTask.position, TestTask.number)).all()


def get_task(round_: TestRound, number: int) -> TestTask:
    """Of a round that the caller may see."""
    mine = select(TestTask).where(TestTask.round_id == round_.id, TestTask.number == number)
    task = db.session.scalar(mine)
    if task is None:
        raise NotFound
    return task


def list_aims(round_: TestRound) -> Sequence[Aim]:
    """Of a round that the caller may see, in the order of the project's target groups."""
    came = (
        select(func.count())
        .select_from(TestSession)
        .where(
            TestSession.round_id == RoundGroup.round_id,
            TestSession.target_group_id == RoundGroup.target_group_id,
            *_counts(TestSession),
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
        select(TargetGroup, RoundGroup.wanted, came + func.coalesce(purged, 0))
        .join(RoundGroup, RoundGroup.target_group_id == TargetGroup.id)
        .where(RoundGroup.round_id == round_.id)
        .order_by(TargetGroup.number)
    )
    return [Aim(group, wanted, seen) for group, wanted, seen in db.session.execute(aims)]


def list_group_rows(round_: TestRound) -> Sequence[RoundGroup]:
    """Of a round that the caller may see."""
    mine = select(RoundGroup).where(RoundGroup.round_id == round_.id)
    return db.session.scalars(mine).all()


def list_consents(round_: TestRound) -> Mapping[str, ConsentText]:
    """By language, of a round that the caller may see."""
    mine = select(ConsentText).where(ConsentText.round_id == round_.id)
    return {text.locale: text for text in db.session.scalars(mine)}


def get_consent(round_: TestRound, locale: str) -> ConsentText:
    """Of a round that the caller may see."""
    found = list_consents(round_).get(locale)
    if found is None:
        raise NotFound
    return found


def _of_bound_project(what: Any) -> Any:
    return (
        select(what)
        .select_from(TestRound)
        .where(TestRound.project_id == bindparam("project"))
        .order_by(TestRound.number.desc())
        .limit(1)
    )


# What a project's own page says of its tests, each about the project bound as `project`.
ROUNDS = (
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
LAST_SESSIONS = _of_bound_project(sessions_of_round().label("sessions")).scalar_subquery()
FIGURES = (ROUNDS, LAST_ROUND, LAST_VERSION, LAST_SESSIONS)
