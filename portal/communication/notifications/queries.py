"""Reading one's notifications. Whatever comes back, the actor may still see."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.communication.notifications import policy
from portal.communication.notifications.kind_queries import NotificationKind
from portal.communication.notifications.models import (
    Channel,
    Mute,
    Notification,
    Preference,
    Rhythm,
)
from portal.people.accounts.models import Person
from portal.people.accounts.queries import names_of
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.project.projects.models import Project

PER_PAGE = 25
Kinds = Mapping[str, NotificationKind]


@dataclass(frozen=True)
class NotificationPlace:
    """Where something happened: a project, or a programme (without a slug)."""

    name: str
    slug: str


@dataclass(frozen=True)
class NotificationGroup:
    """What stands together in the inbox: its latest notification, how many there are, and where.

    `excerpt` is a line of what it is about, where its kind gives one.
    """

    latest: Notification
    count: int
    unread: int
    who: str
    person: str  # whom the latest names
    place: NotificationPlace | None
    excerpt: str
    is_muted: bool


@dataclass(frozen=True)
class InboxFilters:
    """What of the inbox is asked for."""

    unread: bool = False
    kind: str = ""
    scope_id: UUID | None = None


# For the statement of every request, which names the person: groups with something unread.
_own_notification = aliased(Notification)
UNREAD_COUNT = (
    select(func.count(_own_notification.group_id.distinct()))
    .where(
        _own_notification.person_id == Person.id,
        _own_notification.read_at.is_(None),
        policy.is_reached(
            _own_notification.person_id, _own_notification.scope_id, _own_notification.around_id
        ),
    )
    .correlate(Person)
    .scalar_subquery()
)


_COUNT_UNREAD = PreparedStatement(
    select(UNREAD_COUNT).select_from(Person).where(Person.id == bindparam("person"))
)


def count_unread(actor: Actor) -> int:
    """The same by itself."""
    return int(fetch_rows(_COUNT_UNREAD, {"person": actor.person_id})[0][0])


def count_groups(actor: Actor, narrowing: InboxFilters) -> int:
    counted = select(func.count(Notification.group_id.distinct()))
    return db.session.scalar(counted.where(*_inbox_conditions(actor, narrowing))) or 0


def list_groups(
    actor: Actor, kinds: Kinds, narrowing: InboxFilters, *, number: int = 1
) -> Sequence[NotificationGroup]:
    """A page, counted from 1, the latest group first."""
    newest = func.max(Notification.created_at)
    page = (
        select(
            Notification.group_id,
            func.count(),
            func.count().filter(Notification.read_at.is_(None)),
        )
        .where(*_inbox_conditions(actor, narrowing))
        .group_by(Notification.group_id)
        .order_by(newest.desc(), Notification.group_id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    counts = {id_: (count, unread) for id_, count, unread in db.session.execute(page)}
    if not counts:
        return []
    latest = _latest_of(actor, narrowing, counts)
    return _build_groups(actor, kinds, [latest[id_] for id_ in counts], counts)


def _inbox_conditions(actor: Actor, narrowing: InboxFilters) -> Sequence[ColumnElement[bool]]:
    conditions = [policy.visible_to(actor)]
    if narrowing.unread:
        conditions.append(Notification.read_at.is_(None))
    if narrowing.kind:
        conditions.append(Notification.kind == narrowing.kind)
    if narrowing.scope_id:
        conditions.append(Notification.scope_id == narrowing.scope_id)
    return conditions


def _latest_of(
    actor: Actor, narrowing: InboxFilters, group_ids: Collection[UUID]
) -> Mapping[UUID, Notification]:
    place = func.row_number().over(
        partition_by=Notification.group_id,
        order_by=(Notification.created_at.desc(), Notification.fact_id.desc()),
    )
    ranked = (
        select(Notification.fact_id, place.label("place"))
        .where(*_inbox_conditions(actor, narrowing), Notification.group_id.in_(group_ids))
        .subquery()
    )
    first = (
        select(Notification)
        .join(ranked, ranked.c.fact_id == Notification.fact_id)
        .where(Notification.person_id == actor.person_id, ranked.c.place == 1)
    )
    return {notification.group_id: notification for notification in db.session.scalars(first)}


def _build_groups(
    actor: Actor,
    kinds: Kinds,
    rows: Sequence[Notification],
    counts: Mapping[UUID, tuple[int, int]],
) -> Sequence[NotificationGroup]:
    names = get_names_in(rows)
    places, excerpts = get_places(rows), _excerpts(kinds, rows)
    muted = _muted_among(actor, [row.group_id for row in rows])
    return [
        NotificationGroup(
            latest=row,
            count=counts[row.group_id][0],
            unread=counts[row.group_id][1],
            who=names.get(row.actor_id, "") if row.actor_id else "",
            person=names.get(person, "") if (person := find_named_person(row)) else "",
            place=places.get(row.scope_id) if row.scope_id else None,
            excerpt=excerpts.get(row.subject_id, ""),
            is_muted=row.group_id in muted,
        )
        for row in rows
    ]


def get_names_in(rows: Sequence[Notification]) -> Mapping[UUID, str]:
    """Those who did it, and those whom the facts name."""
    return names_of([id_ for row in rows for id_ in (row.actor_id, find_named_person(row))])


def find_named_person(row: Notification) -> UUID | None:
    return UUID(row.facts["person_id"]) if "person_id" in row.facts else None


def get_places(rows: Sequence[Notification]) -> Mapping[UUID, NotificationPlace]:
    """Where they happened, for a reader who was already allowed to see them."""
    return _get_places_by_id({row.scope_id for row in rows if row.scope_id})


def _get_places_by_id(ids: Set[UUID]) -> Mapping[UUID, NotificationPlace]:
    if not ids:
        return {}
    projects = db.session.scalars(select(Project).where(Project.id.in_(ids)))
    places = {
        project.id: NotificationPlace(project.short_name, project.slug) for project in projects
    }
    if others := ids - places.keys():
        programmes = db.session.scalars(select(Programme).where(Programme.id.in_(others)))
        places |= {programme.id: NotificationPlace(programme.name, "") for programme in programmes}
    return places


def _excerpts(kinds: Kinds, rows: Sequence[Notification]) -> Mapping[UUID, str]:
    ids_by_reader: dict[object, set[UUID]] = {}
    for row in rows:
        kind = kinds.get(row.kind)
        if kind is not None and kind.excerpts is not None:
            ids_by_reader.setdefault(kind.excerpts, set()).add(row.subject_id)
    texts: dict[UUID, str] = {}
    for tell, ids in ids_by_reader.items():
        texts |= tell(ids)  # type: ignore[operator]
    return texts


def _muted_among(actor: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
    muted = select(Mute.about_id).where(Mute.person_id == actor.person_id, Mute.about_id.in_(ids))
    return frozenset(db.session.scalars(muted))


def list_places(actor: Actor) -> Mapping[UUID, NotificationPlace]:
    """The places that the inbox tells of, for its filter."""
    ids = select(Notification.scope_id).where(policy.visible_to(actor)).distinct()
    return _get_places_by_id({id_ for id_ in db.session.scalars(ids) if id_})


def list_kinds(actor: Actor) -> frozenset[str]:
    """The kinds that the inbox holds."""
    kinds = select(Notification.kind).where(policy.visible_to(actor)).distinct()
    return frozenset(db.session.scalars(kinds))


def get_notification(actor: Actor, fact_id: UUID) -> Notification:
    return _get_latest(actor, Notification.fact_id == fact_id)


def get_in_group(actor: Actor, group_id: UUID) -> Notification:
    """The latest of a group."""
    return _get_latest(actor, Notification.group_id == group_id)


def _get_latest(actor: Actor, which: ColumnElement[bool]) -> Notification:
    matching = select(Notification).where(policy.visible_to(actor), which)
    row = db.session.scalar(matching.order_by(Notification.created_at.desc()).limit(1))
    if row is None:
        raise NotFound
    return row


def get_path(kinds: Kinds, row: Notification) -> str:
    """The page on which a notification's subject is seen; the inbox, for a kind that is no more."""
    kind = kinds.get(row.kind)
    place = get_places([row]).get(row.scope_id) if row.scope_id else None
    return kind.path_of(row, place.slug if place else "") if kind else "/inbox"


def get_chosen_channels(person_id: UUID) -> Mapping[str, Channel]:
    """What a person chose, by kind."""
    preferences = select(Preference.kind, Preference.channel).where(
        Preference.person_id == person_id
    )
    return {row.kind: row.channel for row in db.session.execute(preferences)}


def find_rhythm(person_id: UUID) -> Rhythm | None:
    return db.session.get(Rhythm, person_id)


def list_muted(actor: Actor) -> frozenset[UUID]:
    """All that the actor silenced, by the ids of scopes and groups."""
    muted: Select[UUID] = select(Mute.about_id).where(Mute.person_id == actor.person_id)
    return frozenset(db.session.scalars(muted))


def count_muted_objects(actor: Actor) -> int:
    """How many things, beside whole projects, the actor silenced."""
    is_single_object = or_(Mute.scope_id.is_(None), Mute.about_id != Mute.scope_id)
    counted = select(func.count()).where(Mute.person_id == actor.person_id, is_single_object)
    return db.session.scalar(counted) or 0
