"""Reading the rounds of a project side by side, and what one round's report is made of.

What is read by a round's key is for whoever was already shown that round.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from portal.backlog.models import Item
from portal.findings.models import Finding, Retest, Retested, Sighting
from portal.findings.standing import SEEN, STANDING, Standing
from portal.framing.models import TargetGroup
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.programmes.models import Programme
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, Page, of_project
from portal.prototypes.models import PrototypeVersion
from portal.sprints.models import Sprint
from portal.test_reports import policy
from portal.user_tests.models import RoundGroup, TestRound, TestTask
from portal.user_tests.round_sums import Known, read_known
from portal.user_tests.sessions import TestSession


@dataclass(frozen=True)
class Tried:
    """A round and the number of the version that it tried."""

    round: TestRound
    version: int


@dataclass(frozen=True)
class Aim:
    """A target group that a round aims at; `wanted` is None where nobody said how many."""

    round_id: UUID
    group: TargetGroup
    wanted: int | None


@dataclass(frozen=True)
class Shown:
    """A finding that a round showed. `seen` counts sessions of that round, or, once its sessions
    are purged, all in which it was seen; `sprint` is the one its item stands in."""

    finding: Finding
    standing: Standing
    seen: int
    item: Item | None
    sprint: int | None


@dataclass(frozen=True)
class Reported:
    """A round with what its report is about, and whether all of it is invented."""

    project: Project
    round: TestRound
    version: PrototypeVersion
    is_demonstration: bool = False


@dataclass(frozen=True)
class Facts:
    """All that a round's report says. `gone` counts the findings of earlier versions that it no
    longer showed; `after` is the next round that is planned on this version or a later one."""

    of: Reported
    tasks: Sequence[TestTask]
    aims: Sequence[Aim]
    known: Known
    found: Sequence[Shown]
    gone: int
    after: Tried | None


def list_tried(actor: Actor, project: Project) -> Sequence[Tried]:
    """All rounds of a project, from the first version to the last."""
    mine = (
        of_project(actor, TestRound, project)
        .add_columns(PrototypeVersion.number)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .order_by(PrototypeVersion.number, TestRound.number)
    )
    return [Tried(*row) for row in db.session.execute(mine)]


def list_tasks(rounds: Sequence[Tried]) -> Mapping[UUID, Sequence[TestTask]]:
    """In the order of their turns, by round."""
    mine = select(TestTask).where(TestTask.round_id.in_([one.round.id for one in rounds]))
    found: dict[UUID, list[TestTask]] = defaultdict(list)
    for task in db.session.scalars(mine.order_by(TestTask.position, TestTask.number)):
        found[task.round_id].append(task)
    return found


def list_aims(round_ids: Sequence[UUID]) -> Sequence[Aim]:
    """In the order of the project's target groups."""
    aims = (
        select(RoundGroup.round_id, TargetGroup, RoundGroup.wanted)
        .join(TargetGroup, TargetGroup.id == RoundGroup.target_group_id)
        .where(RoundGroup.round_id.in_(round_ids))
        .order_by(TargetGroup.number)
    )
    return [Aim(*row) for row in db.session.execute(aims)]


def list_groups(project: Project) -> Sequence[TargetGroup]:
    """Those that were left too: people of them may have come."""
    mine = select(TargetGroup).where(TargetGroup.project_id == project.id)
    return db.session.scalars(mine.order_by(TargetGroup.number)).all()


def find_latest_version(project: Project) -> int | None:
    mine = select(func.max(PrototypeVersion.number)).where(
        PrototypeVersion.project_id == project.id
    )
    return db.session.scalar(mine)


def get_reported(actor: Actor, slug: str, number: int) -> Reported:
    """A round whose report the actor reads; raises `NotFound`."""
    one = (
        select(Project, TestRound, PrototypeVersion, Programme.is_demonstration)
        .join(TestRound, TestRound.project_id == Project.id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .join(Programme, Programme.id == Project.programme_id)
        .where(Project.slug == slug, TestRound.number == number, policy.report_visible_to(actor))
    )
    found = db.session.execute(one).first()
    if found is None:
        raise NotFound
    return Reported(*found)


def read_facts(of: Reported) -> Facts:
    """In a constant number of queries."""
    tried = Tried(of.round, of.version.number)
    known = read_known([of.round])[of.round.id]
    return Facts(
        of=of,
        tasks=list_tasks([tried]).get(of.round.id, []),
        aims=list_aims([of.round.id]),
        known=known,
        found=_list_found(of.round, is_purged=known.is_purged),
        gone=_count_gone(of.round),
        after=_find_after(of),
    )


def _list_found(round_: TestRound, *, is_purged: bool) -> Sequence[Shown]:
    """What it showed first, and what it showed again; the gravest first."""
    again = select(Retest.finding_id).where(
        Retest.round_id == round_.id, Retest.result == Retested.STILL_THERE
    )
    rank = func.coalesce(Finding.severity, -1)
    mine = (
        select(Finding, STANDING, SEEN if is_purged else _seen_in(round_), Item, Sprint.number)
        .outerjoin(Item, Item.id == Finding.item_id)
        .outerjoin(Sprint, Sprint.id == Item.iteration_id)
        .where(Finding.project_id == round_.project_id, Finding.merged_into_id.is_(None))
        .where(or_(Finding.round_id == round_.id, Finding.id.in_(again)))
        .order_by(rank.desc(), Finding.number)
    )
    return [
        Shown(finding, Standing(standing), seen, item, sprint)
        for finding, standing, seen, item, sprint in db.session.execute(mine)
    ]


def _seen_in(round_: TestRound) -> Any:
    """Of how many of the round's sessions a finding, or one merged into it, is said."""
    own = aliased(Finding)
    return (
        select(func.count(Sighting.session_id.distinct()))
        .join(own, own.id == Sighting.finding_id)
        .join(TestSession, TestSession.id == Sighting.session_id)
        .where(or_(own.id == Finding.id, own.merged_into_id == Finding.id))
        .where(TestSession.round_id == round_.id, TestSession.is_rehearsal.is_(False))
        .correlate(Finding)
        .scalar_subquery()
    )


def _count_gone(round_: TestRound) -> int:
    gone = select(func.count()).where(Retest.round_id == round_.id, Retest.result == Retested.GONE)
    return db.session.scalar(gone) or 0


def _find_after(of: Reported) -> Tried | None:
    later = (
        select(TestRound, PrototypeVersion.number)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(TestRound.project_id == of.project.id, TestRound.number > of.round.number)
        .where(PrototypeVersion.number >= of.version.number)
        .order_by(TestRound.number)
        .limit(1)
    )
    found = db.session.execute(later).first()
    return Tried(*found) if found else None


def read_reports(programme: Programme, page: int) -> Page[Reported]:
    """Rounds that are over, of a programme whose reports the caller reads: the latest first."""
    mine = (
        select(Project, TestRound, PrototypeVersion)
        .join(TestRound, TestRound.project_id == Project.id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(Project.programme_id == programme.id, TestRound.ended_on.is_not(None))
    )
    count = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    ordered = mine.order_by(TestRound.ended_on.desc(), TestRound.id.desc())
    found = db.session.execute(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return Page([Reported(*row) for row in found], count, page)


def slug_of_programme(project: Project) -> str:
    """Of a project that the caller was shown."""
    of = select(Programme.slug).where(Programme.id == project.programme_id)
    return db.session.scalars(of).one()
