"""A page of the inbox: groups of notifications, each with its latest, in two statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, String, Uuid, bindparam, case, exists, func, or_, select

from portal.communication.notifications import policy
from portal.communication.notifications.kind_queries import ExcerptProvider
from portal.communication.notifications.models import Mute, Notification
from portal.communication.notifications.queries import Kinds, NotificationScope
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.text import in_reader_language
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.project.projects.models import Project

PER_PAGE = 25


@dataclass(frozen=True)
class InboxFilters:
    """Which notifications the inbox shows; the defaults show all."""

    unread: bool = False
    kind: str = ""
    scope_id: UUID | None = None


@dataclass(frozen=True)
class InboxGroup:
    """A group of the inbox: the columns of its latest notification, how many it has and how many
    are unread.

    `excerpt` is a line of the latest one's subject, where its kind provides it.
    """

    group_id: UUID
    fact_id: UUID
    created_at: datetime
    kind: str
    action: str
    actor_id: UUID | None
    facts: Mapping[str, Any]
    subject_id: UUID
    scope_id: UUID | None
    count: int
    unread: int
    is_muted: bool
    who: str  # the actor
    person: str  # whom the facts name
    excerpt: str
    place: NotificationScope | None

    @property
    def is_about_project(self) -> bool:
        """Whether its scope is a project, not a programme."""
        return self.place is not None and bool(self.place.slug)


@dataclass(frozen=True)
class InboxSection:
    """The groups of one scope on a page, and how many of that scope are unread on all pages."""

    scope_id: UUID | None
    place: NotificationScope | None
    unread: int
    groups: Sequence[InboxGroup]


@dataclass(frozen=True)
class InboxPage:
    """A page of the inbox; `count` and `unread` are groups of all pages."""

    sections: Sequence[InboxSection]
    count: int
    unread: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


_is_reader = Notification.person_id == bindparam("person", type_=Uuid())
_one_kind, _one_place = bindparam("kind", type_=String()), bindparam("place", type_=Uuid())
_ranked = (
    select(
        Notification.fact_id,
        func.count().over(partition_by=Notification.group_id).label("size"),
        func.sum(case((Notification.read_at.is_(None), 1), else_=0))
        .over(partition_by=Notification.group_id)
        .label("unread"),
        func.row_number()
        .over(
            partition_by=Notification.group_id,
            order_by=(Notification.created_at.desc(), Notification.fact_id.desc()),
        )
        .label("place"),
    )
    .where(
        _is_reader,
        policy.VISIBLE,
        or_(bindparam("read_too", type_=Boolean()), Notification.read_at.is_(None)),
        or_(_one_kind == "", Notification.kind == _one_kind),
        or_(_one_place.is_(None), Notification.scope_id == _one_place),
    )
    .subquery()
)
_is_muted = exists().where(
    Mute.person_id == bindparam("person", type_=Uuid()), Mute.about_id == Notification.group_id
)
_is_new = case((_ranked.c.unread > 0, 1), else_=0)
_NAMES = (Project.acronym, Project.organisation, Project.slug, Programme.name_fr, Programme.name_en)
_GROUPS = (
    select(
        Notification.group_id,
        Notification.fact_id,
        Notification.created_at,
        Notification.kind,
        Notification.action,
        Notification.actor_id,
        Notification.facts,
        Notification.subject_id,
        Notification.scope_id,
        _ranked.c.size,
        _ranked.c.unread,
        case((_is_muted, True), else_=False),
        Person.name,
        *_NAMES,
        func.sum(_is_new).over(partition_by=Notification.scope_id),
        func.count().over(),
        func.sum(_is_new).over(),
    )
    .join(_ranked, _ranked.c.fact_id == Notification.fact_id)
    .outerjoin(Person, Person.id == Notification.actor_id)
    .outerjoin(Project, Project.id == Notification.scope_id)
    .outerjoin(Programme, Programme.id == Notification.scope_id)
    .where(_is_reader, _ranked.c.place == 1)
    .order_by(Notification.created_at.desc(), Notification.group_id)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)


def list_own_notifications(
    actor: Actor, filters: InboxFilters, *, offset: int, limit: int
) -> Sequence[Notification]:
    """One's notifications of what one still sees, by the filters of the inbox, the latest first."""
    rows = select(Notification).where(policy.visible_to(actor))
    if filters.unread:
        rows = rows.where(Notification.read_at.is_(None))
    if filters.kind:
        rows = rows.where(Notification.kind == filters.kind)
    if filters.scope_id is not None:
        rows = rows.where(Notification.scope_id == filters.scope_id)
    latest_first = rows.order_by(Notification.created_at.desc(), Notification.fact_id.desc())
    return db.session.scalars(latest_first.offset(offset).limit(limit)).all()


def read_inbox_cache_key(actor: Actor) -> Sequence[object]:
    """What changes in the actor's inbox without the trail: marks of what was read, and mutes."""
    return tuple(fetch_rows(_STATE, {"person": actor.person_id})[0])


_own_mutes = Mute.person_id == bindparam("person", type_=Uuid())
_STATE = PreparedStatement(
    select(
        func.count(),
        func.count(Notification.read_at),
        func.max(Notification.read_at),
        func.max(Notification.created_at),
        select(func.count()).where(_own_mutes).scalar_subquery(),
        select(func.max(Mute.created_at)).where(_own_mutes).scalar_subquery(),
    ).where(_is_reader)
)


def read_inbox(actor: Actor, kinds: Kinds, filters: InboxFilters, page: int = 1) -> InboxPage:
    """A page of groups, counted from 1, the latest first; page 1 when it is beyond the last."""
    parameters = {
        "person": actor.person_id,
        "read_too": not filters.unread,
        "kind": filters.kind,
        "place": filters.scope_id,
        "offset": (page - 1) * PER_PAGE,
        **policy.visibility_parameters(actor),
    }
    rows = fetch_rows(_GROUPS, parameters)
    if not rows:
        return read_inbox(actor, kinds, filters) if page > 1 else InboxPage((), 0, 0, 1)
    people, excerpts = cache_until_change(
        actor,
        ("inbox texts", tuple(row[_FACT] for row in rows)),
        lambda: (_read_person_names(rows), _read_excerpts(kinds, rows)),
    )
    sections: dict[UUID | None, InboxSection] = {}
    for row in rows:
        group = _build_group(row, people, excerpts)
        section = sections.get(group.scope_id)
        groups = [*section.groups, group] if section else [group]
        sections[group.scope_id] = InboxSection(group.scope_id, group.place, int(row[-3]), groups)
    return InboxPage(list(sections.values()), rows[0][-2], int(rows[0][-1]), page)


_FACT, _FACTS, _SUBJECT, _KIND = 1, 6, 7, 3  # columns of `_GROUPS`


def _build_group(row: Sequence[Any], people: Mapping[UUID, str], excerpts: Mapping[UUID, str]) -> InboxGroup:
    group_id, fact_id, created_at, kind, action, actor_id, facts, subject_id, scope_id = row[:9]
    count, unread, is_muted, who = row[9:13]
    named = facts.get("person_id")
    return InboxGroup(
        group_id=group_id,
        fact_id=fact_id,
        created_at=created_at,
        kind=kind,
        action=action,
        actor_id=actor_id,
        facts=facts,
        subject_id=subject_id,
        scope_id=scope_id,
        count=count,
        unread=int(unread),
        is_muted=bool(is_muted),
        who=who or "",
        person=people.get(UUID(named), "") if named else "",
        excerpt=excerpts.get(subject_id, ""),
        place=_build_notification_scope(row[13:18]),
    )


def _build_notification_scope(names: Sequence[str | None]) -> NotificationScope | None:
    acronym, organisation, slug, name_fr, name_en = names
    if slug:
        return NotificationScope(acronym or organisation or "", slug)
    return NotificationScope(in_reader_language(name_fr, name_en or ""), "") if name_fr else None


def _read_person_names(rows: Sequence[Sequence[Any]]) -> Mapping[UUID, str]:
    ids = {UUID(row[_FACTS]["person_id"]) for row in rows if "person_id" in row[_FACTS]}
    return read_person_names(list(ids)) if ids else {}


def _read_excerpts(kinds: Kinds, rows: Sequence[Sequence[Any]]) -> Mapping[UUID, str]:
    ids_by_provider: dict[ExcerptProvider, set[UUID]] = {}
    for row in rows:
        kind = kinds.get(row[_KIND])
        if kind is not None and kind.excerpts is not None:
            ids_by_provider.setdefault(kind.excerpts, set()).add(row[_SUBJECT])
    texts: dict[UUID, str] = {}
    for read_excerpts, ids in ids_by_provider.items():
        texts |= read_excerpts(ids)
    return texts


_CHOICES = (
    select(Notification.kind, Notification.scope_id, *_NAMES)
    .outerjoin(Project, Project.id == Notification.scope_id)
    .outerjoin(Programme, Programme.id == Notification.scope_id)
    .where(_is_reader, policy.VISIBLE)
    .distinct()
)


def list_filter_choices(actor: Actor) -> tuple[frozenset[str], Mapping[UUID, NotificationScope]]:
    """The kinds in the actor's inbox by code, and its scopes by id."""
    rows = fetch_rows(_CHOICES, {"person": actor.person_id, **policy.visibility_parameters(actor)})
    places = {row[1]: place for row in rows if row[1] and (place := _build_notification_scope(row[2:]))}
    return frozenset(row[0] for row in rows), places
