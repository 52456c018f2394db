"""Queries on sprints. They return only what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.kernel.subqueries import fetch_scalar_subqueries, rows_subquery
from portal.project.projects import revision_queries
from portal.project.projects.models import Project
from portal.project.projects.revision_queries import AuditRevision
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item, Iteration, Snapshot, SnapshotItem, SnapshotMoment, SpillTarget
from portal.sprints.backlog.queries import current_snapshot_condition
from portal.sprints.sprints import policy
from portal.sprints.sprints.models import ASKS_FOR_HELP, Sprint

CLOSED_PER_PAGE = 20
DEFAULT_DAYS = 14


@dataclass(frozen=True)
class SprintOverview:
    """A project's sprints: the active one, the planned ones, and a page of the closed ones."""

    active: Sprint | None
    planned: Sequence[Sprint]
    closed: Sequence[Sprint]
    closed_count: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.closed_count // CLOSED_PER_PAGE))


def get_sprint_overview(actor: Actor, project: Project, page: int = 1) -> SprintOverview:
    """Open sprints in the order of their dates, closed ones latest first. Raises `NotFound`."""
    _require_reader(actor, project)
    project_sprints = select(Sprint).where(Sprint.project_id == project.id)
    is_open = Sprint.closed_at.is_(None)
    open_ = db.session.scalars(project_sprints.where(is_open).order_by(Sprint.starts_on, Sprint.number)).all()
    closed = project_sprints.where(~is_open).order_by(Sprint.starts_on.desc(), Sprint.number.desc())
    count = select(func.count()).select_from(Sprint).where(Sprint.project_id == project.id, ~is_open)
    return SprintOverview(
        active=next((sprint for sprint in open_ if sprint.started_at), None),
        planned=[sprint for sprint in open_ if not sprint.started_at],
        closed=db.session.scalars(closed.limit(CLOSED_PER_PAGE).offset((page - 1) * CLOSED_PER_PAGE)).all(),
        closed_count=db.session.scalar(count) or 0,
        page=page,
    )


def _require_reader(actor: Actor, project: Project) -> None:
    """Raise `NotFound` unless the actor reads the project. Sends no statement."""
    if not policy.can_read(actor, project):
        raise NotFound


def get_sprint(actor: Actor, project: Project, number: int) -> Sprint:
    """Raises `NotFound`."""
    _require_reader(actor, project)
    return require_row(db.session.scalar(_SPRINT_BY_NUMBER, {"project": project.id, "number": number}))


@dataclass(frozen=True)
class SprintWithOpenSprintNumbers:
    """A sprint, whether it was closed last, and the numbers of the running and next planned one."""

    sprint: Sprint
    is_last_closed: bool
    running: int | None
    planned: int | None


class FrozenItem(NamedTuple):
    """An item in the snapshot of a close, and where it went (None: it was done)."""

    number: int
    title: str
    points: int | None
    state: ItemState
    spill: SpillTarget | None


def get_sprint_with_open_sprint_numbers(
    actor: Actor, project: Project, number: int
) -> SprintWithOpenSprintNumbers:
    """Raises `NotFound`."""
    _require_reader(actor, project)
    row = require_row(db.session.execute(_WITH_NEIGHBOURS, {"project": project.id, "number": number}).first())
    sprint, has_later, running, planned = row
    return SprintWithOpenSprintNumbers(
        sprint, sprint.closed_at is not None and not has_later, running, planned
    )


_SPRINT_BY_NUMBER = select(Sprint).where(
    Sprint.project_id == bindparam("project"), Sprint.number == bindparam("number")
)
_later, _running, _planned = aliased(Sprint), aliased(Sprint), aliased(Sprint)
_WITH_NEIGHBOURS = _SPRINT_BY_NUMBER.add_columns(
    exists()
    .where(
        _later.project_id == Sprint.project_id,
        _later.closed_at.is_not(None),
        tuple_(_later.ends_on, _later.number) > tuple_(Sprint.ends_on, Sprint.number),
    )
    .correlate(Sprint),
    select(_running.number)
    .where(
        _running.project_id == Sprint.project_id,
        _running.started_at.is_not(None),
        _running.closed_at.is_(None),
    )
    .correlate(Sprint)
    .limit(1)
    .scalar_subquery(),
    select(_planned.number)
    .where(_planned.project_id == Sprint.project_id, _planned.started_at.is_(None))
    .correlate(Sprint)
    .order_by(_planned.starts_on)
    .limit(1)
    .scalar_subquery(),
)


def evaluate_sprint_subqueries(sprint: Sprint, figures: tuple[Any, ...]) -> Sequence[Any]:
    """The values of scalar subqueries about a sprint, which they name by the parameter `sprint`.

    The caller has checked that the actor may see the sprint.
    """
    return fetch_scalar_subqueries(figures, sprint=sprint.id)


# `FrozenItem` rows of the sprint bound as `sprint`: done items first, then by rank.
FROZEN_ITEMS = rows_subquery(
    select(Item.number, SnapshotItem.title, SnapshotItem.points, SnapshotItem.state, SnapshotItem.spill)
    .join(Snapshot, Snapshot.id == SnapshotItem.snapshot_id)
    .join(Item, Item.id == SnapshotItem.item_id)
    .join(Iteration, current_snapshot_condition(Snapshot, Iteration, SnapshotMoment.CLOSE))
    .where(Iteration.id == bindparam("sprint"))
    .order_by(SnapshotItem.state != ItemState.DONE, Item.rank),
    FrozenItem,
)


_sprints_of_project = select(Sprint).where(Sprint.project_id == bindparam("project"))
_ACTIVE = _sprints_of_project.where(Sprint.started_at.is_not(None), Sprint.closed_at.is_(None))
_NEXT_PLANNED = _sprints_of_project.where(Sprint.started_at.is_(None)).order_by(Sprint.starts_on).limit(1)
_LAST_CLOSED = (
    _sprints_of_project.where(Sprint.closed_at.is_not(None))
    .order_by(Sprint.ends_on.desc(), Sprint.number.desc())
    .limit(1)
)
_OVERLAPPING = (
    _sprints_of_project.where(Sprint.starts_on <= bindparam("last"), Sprint.ends_on >= bindparam("first"))
    .order_by(Sprint.starts_on)
    .limit(1)
)
_OVERLAPPING_BUT = _OVERLAPPING.where(Sprint.id != bindparam("but"))


def find_active_sprint(project: Project) -> Sprint | None:
    """The sprint in progress of a project that the caller may see."""
    return db.session.scalar(_ACTIVE, {"project": project.id})


def find_next_planned_sprint(project: Project) -> Sprint | None:
    """The planned sprint that starts first, of a project that the caller may see."""
    return db.session.scalar(_NEXT_PLANNED, {"project": project.id})


def find_last_closed_sprint(project: Project) -> Sprint | None:
    """The closed sprint that ends last: the next log is prefilled from it."""
    return db.session.scalar(_LAST_CLOSED, {"project": project.id})


def find_sprint_for_help(project: Project) -> Sprint | None:
    """The sprint to which a request for help of today belongs: the one whose request is open, else the
    one in progress, else the one that was closed last, else the first planned; None while none is planned.

    A request that nobody took at the close after its sprint's lapsed.
    """
    last = find_last_closed_sprint(project)
    since_last_close = and_(ASKS_FOR_HELP, Sprint.number >= (last.number if last else 0))
    open_request = select(Sprint).where(
        Sprint.project_id == project.id,
        Sprint.helped_at.is_(None),
        or_(Sprint.help_taken_at.is_not(None), since_last_close),
    )
    asking = db.session.scalar(open_request.order_by(Sprint.number.desc()).limit(1))
    return asking or find_active_sprint(project) or last or find_next_planned_sprint(project)


def find_overlapping_sprint(
    project: Project, first: date, last: date, *, but: Sprint | None = None
) -> Sprint | None:
    """The first sprint of the project, `but` excepted, that shares a day with `first` to `last`."""
    values = {"project": project.id, "first": first, "last": last}
    if but is None:
        return db.session.scalar(_OVERLAPPING, values)
    return db.session.scalar(_OVERLAPPING_BUT, {**values, "but": but.id})


def find_next_sprint_number(project: Project) -> int:
    """The number of the next sprint. The caller has locked the project."""
    last = select(func.max(Sprint.number)).where(Sprint.project_id == project.id)
    return (db.session.scalar(last) or 0) + 1


def suggest_sprint_dates(project: Project) -> tuple[date, date]:
    """First and last day of the next sprint: right after the latest one, and as long as it was planned."""
    newest = db.session.scalar(
        select(Sprint).where(Sprint.project_id == project.id).order_by(Sprint.ends_on.desc()).limit(1)
    )
    if newest is None:
        first = max(clock.today(), project.starts_on)
        return first, first + timedelta(days=DEFAULT_DAYS - 1)
    first = max(newest.ends_on + timedelta(days=1), clock.today())
    return first, first + _compute_planned_length(newest)


def _compute_planned_length(sprint: Sprint) -> timedelta:
    """From the first to the last day of a sprint, as they were before an early close freed some."""
    revision = find_close_revision(sprint) if sprint.closed_at else None
    changes = revision.changes if revision else {}
    planned = {
        name: date.fromisoformat(changes[name][0]) if name in changes else getattr(sprint, name)
        for name in ("starts_on", "ends_on")
    }
    return planned["ends_on"] - planned["starts_on"]


def suggest_start_dates(project: Project, sprint: Sprint) -> tuple[date, date]:
    """First and last day of a planned sprint if it starts today.

    Its first day becomes today, or the day after the sprint that has today. It keeps its length, or
    gives way to the next planned sprint. Where other sprints leave no room the planned days stay.
    """
    today, planned = clock.today(), (sprint.starts_on, sprint.ends_on)
    if sprint.starts_on == today:
        return planned
    before = find_overlapping_sprint(project, today, today, but=sprint)
    first = before.ends_on + timedelta(days=1) if before else today
    last = first + (sprint.ends_on - sprint.starts_on)
    if today < sprint.starts_on <= first:
        return planned
    other = find_overlapping_sprint(project, first, last, but=sprint)
    if other is None:
        return first, last
    if other.starts_on <= first or other.starts_on <= sprint.starts_on:
        return planned
    return first, other.starts_on - timedelta(days=1)


def suggest_close_days(project: Project, sprint: Sprint) -> tuple[date, date]:
    """First and last day of a running sprint if it closes today: its remaining days become free.

    Closed before its first day, it has one day: today, or the next day of no other sprint.
    """
    today = clock.today()
    if today >= sprint.ends_on:
        return sprint.starts_on, sprint.ends_on
    day = today
    while other := find_overlapping_sprint(project, day, day, but=sprint):
        day = other.ends_on + timedelta(days=1)
    first = min(sprint.starts_on, day)
    return first, max(first, today)


def find_close_revision(sprint: Sprint) -> AuditRevision | None:
    """Who closed a sprint that the caller may see, and when."""
    return _find_last_revision(sprint, policy.CLOSE_CODE)


def has_words_beside_log(sprint: Sprint) -> bool:
    """Whether the request of a sprint may have words that its log never had: it was made after a close."""
    return sprint.help_text is not None and find_close_revision(sprint) is not None


def find_start_revision(sprint: Sprint) -> AuditRevision | None:
    """Who started a sprint that the caller may see, and when."""
    return _find_last_revision(sprint, policy.START_CODE)


def _find_last_revision(sprint: Sprint, action: str) -> AuditRevision | None:
    return next(iter(revision_queries.list_revisions([sprint.id], [action])), None)
