"""Reading sessions: one as a whole, those of a round, their sums. Whoever asks may see them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.framing.models import TargetGroup
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.projects.models import Project
from portal.projects.numbered import get_one, of_project
from portal.prototypes.models import PrototypeVersion
from portal.user_tests.models import ConsentText, RoundGroup, TestRound, TestTask
from portal.user_tests.sessions import ParticipantLink, ScaleAnswer, TaskResult, TestSession
from portal.user_tests.sums import ITEMS

_FRESH = {"populate_existing": True}


@dataclass(frozen=True)
class Held:
    """A session with all that is typed in it. `groups` are those that its round aims at, and its
    own; `results` go by task, `answers` by item. `link` is one that the participant can still use.
    """

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
        """How many the round's scale asks."""
        return ITEMS.get(self.round.scale, 0)

    @property
    def is_answered_alone(self) -> bool:
        """By the participant, whose words nobody changes."""
        return any(one.typed_by_id is None for one in self.answers.values())

    @property
    def group(self) -> TargetGroup | None:
        mine = [one for one in self.groups if one.id == self.session.target_group_id]
        return mine[0] if mine else None


@dataclass(frozen=True)
class Listed:
    """A session in the list of its round: of whom, how many tasks have an outcome, how many items
    an answer."""

    session: TestSession
    group: str | None
    done: int
    answered: int


def get_round(actor: Actor, project: Project, number: int) -> TestRound:
    return get_one(actor, TestRound, project, number)


def read_session(actor: Actor, project: Project, number: int) -> Held:
    """By the number of its participant. In a constant number of queries."""
    found = db.session.execute(
        of_project(actor, TestSession, project)
        .add_columns(TestRound, Person.name)
        .join(TestRound, TestRound.id == TestSession.round_id)
        .join(Person, Person.id == TestSession.observer_id)
        .where(TestSession.number == number)
        .execution_options(**_FRESH)
    ).first()
    if found is None:
        raise NotFound
    return _hold(*found)


def _hold(session: TestSession, round_: TestRound, observer: str) -> Held:
    mine = select(TaskResult).where(TaskResult.session_id == session.id)
    said = select(ScaleAnswer).where(ScaleAnswer.session_id == session.id)
    return Held(
        session=session,
        round=round_,
        observer=observer,
        groups=list_choices(round_, session.target_group_id),
        tasks=list_tasks(round_),
        results={one.task_id: one for one in _fresh(mine)},
        answers={one.item: one for one in _fresh(said)},
        link=find_link(session),
    )


def reread(held: Held) -> Held:
    """The same session as it is by now, for whoever holds its row."""
    return _hold(held.session, held.round, held.observer)


def _fresh(chosen: Any) -> Iterable[Any]:
    """As it is by now, whatever this transaction has read before."""
    return db.session.scalars(chosen, execution_options=_FRESH)


def list_tasks(round_: TestRound) -> Sequence[TestTask]:
    mine = select(TestTask).where(TestTask.round_id == round_.id)
    return db.session.scalars(mine.order_by(TestTask.position, TestTask.number)).all()


def count_tasks(round_: TestRound) -> int:
    mine = select(func.count()).select_from(TestTask).where(TestTask.round_id == round_.id)
    return db.session.scalar(mine) or 0


def list_choices(round_: TestRound, also: UUID | None = None) -> Sequence[TargetGroup]:
    """The target groups of whom a participant of the round may be."""
    aimed = select(RoundGroup.target_group_id).where(RoundGroup.round_id == round_.id)
    mine = select(TargetGroup).where(TargetGroup.id.in_(aimed) | (TargetGroup.id == also))
    return db.session.scalars(mine.order_by(TargetGroup.number)).all()


def find_first_day(project: Project, round_: TestRound) -> date:
    """From which day on somebody can have agreed: before, there was neither project nor version."""
    mine = PrototypeVersion.id == round_.prototype_version_id
    released_on = db.session.scalars(select(PrototypeVersion.released_on).where(mine)).one()
    return min(project.starts_on, released_on)


def list_consent_languages(round_: TestRound) -> Sequence[str]:
    """In which languages there is something to agree to."""
    mine = select(ConsentText.locale).where(ConsentText.round_id == round_.id)
    return db.session.scalars(mine.order_by(ConsentText.locale.desc())).all()


def find_link(session: TestSession) -> ParticipantLink | None:
    """The one that the participant of a session can use now."""
    open_ = select(ParticipantLink).where(ParticipantLink.session_id == session.id, *usable())
    return db.session.scalar(open_.order_by(ParticipantLink.id.desc()).limit(1))


def usable() -> tuple[Any, ...]:
    """Of links: neither used nor taken back nor too old."""
    return (
        ParticipantLink.used_at.is_(None),
        ParticipantLink.revoked_at.is_(None),
        ParticipantLink.expires_at > clock.now(),
    )


def list_sessions(actor: Actor, project: Project, round_: TestRound) -> Sequence[Listed]:
    """All of a round, in the order of their codes; rehearsals too."""
    done = (
        select(func.count(TaskResult.outcome))
        .where(TaskResult.session_id == TestSession.id)
        .scalar_subquery()
    )
    answered = (
        select(func.count())
        .select_from(ScaleAnswer)
        .where(ScaleAnswer.session_id == TestSession.id)
        .scalar_subquery()
    )
    mine = (
        of_project(actor, TestSession, project)
        .add_columns(TargetGroup.name, done, answered)
        .outerjoin(TargetGroup, TargetGroup.id == TestSession.target_group_id)
        .where(TestSession.round_id == round_.id)
        .order_by(TestSession.number)
    )
    return [Listed(*row) for row in db.session.execute(mine)]


def each_held(
    actor: Actor, project: Project, round_: TestRound
) -> Iterable[tuple[Listed, Mapping[UUID, TaskResult], Mapping[int, int]]]:
    """All of a round with what was typed, in four queries however many there are."""
    listed = list_sessions(actor, project, round_)
    of_round = select(TestSession.id).where(TestSession.round_id == round_.id)
    results: dict[UUID, dict[UUID, TaskResult]] = defaultdict(dict)
    for one in db.session.scalars(select(TaskResult).where(TaskResult.session_id.in_(of_round))):
        results[one.session_id][one.task_id] = one
    answers: dict[UUID, dict[int, int]] = defaultdict(dict)
    for said in db.session.scalars(select(ScaleAnswer).where(ScaleAnswer.session_id.in_(of_round))):
        answers[said.session_id][said.item] = said.value
    return [(one, results[one.session.id], answers[one.session.id]) for one in listed]
