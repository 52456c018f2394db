"""Queries of the directory. Of programmes and projects they read the names only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from portal.communication.directory import policy
from portal.people.accounts import join_queries
from portal.people.accounts.join_queries import IS_JOINED
from portal.people.accounts.models import OpenSession, Person
from portal.people.programmes.models import Programme, RoleAssignment, Scope, ScopeKind, Track
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db, get_row, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.personal_data import ERASED_DOMAIN
from portal.platform.kernel.text import fold, in_reader_language
from portal.project.projects.models import Project

PER_PAGE = 25


class AccountState(StrEnum):
    OPEN = "open"
    UNUSED = "unused"  # nobody ever signed in with it
    CLOSED = "closed"
    ERASED = "erased"  # emptied, and never to be opened again


class DirectorySort(StrEnum):
    NAME = "name"
    LAST_SEEN = "seen"
    CREATED = "made"


@dataclass(frozen=True, kw_only=True)
class DirectoryFilters:
    """Which people to list. The defaults list everybody, by name."""

    q: str = ""
    state: AccountState | None = None
    role: Role | None = None
    programme: str = ""  # a slug: people with a role there or in one of its projects
    sort: DirectorySort = DirectorySort.NAME
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether the filters may leave somebody out."""
        return bool(self.q or self.state or self.role or self.programme)

    def as_query_arguments(self, page: int) -> dict[str, Any]:
        """The query string of the same filters on another page, without defaults."""
        parameters = {
            "q": self.q,
            "state": self.state,
            "role": self.role,
            "programme": self.programme,
            "sort": self.sort if self.sort is not DirectorySort.NAME else None,
            "page": page if page > 1 else None,
        }
        return {name: value for name, value in parameters.items() if value}


@dataclass(frozen=True)
class RoleScopeNames:
    """The names of the scope of a role."""

    kind: ScopeKind
    programme: str = ""
    project: str = ""


@dataclass(frozen=True)
class CurrentRole:
    """A role that a person has now."""

    assignment: RoleAssignment
    place: RoleScopeNames
    track: Track | None


@dataclass(frozen=True)
class DirectoryEntry:
    """A person in the directory. `last_seen_at` is the latest over all their sessions."""

    person: Person
    last_seen_at: datetime | None
    roles: Sequence[CurrentRole]

    @property
    def state(self) -> AccountState:
        if self.person.is_erased:
            return AccountState.ERASED
        if self.person.disabled_at is not None:
            return AccountState.CLOSED
        return AccountState.UNUSED if self.last_seen_at is None else AccountState.OPEN


@dataclass(frozen=True)
class DirectoryPage:
    entries: Sequence[DirectoryEntry]
    count: int
    number: int
    pages: int


_IS_PROGRAMME_OF_SCOPE = or_(Programme.id == Scope.id, Programme.id == Scope.parent_id)
_LAST_SEEN = (
    select(OpenSession.person_id, func.max(OpenSession.last_seen_at).label("at"))
    .group_by(OpenSession.person_id)
    .subquery("seen")
)


def read_directory_page(actor: Actor, filters: DirectoryFilters) -> DirectoryPage:
    """A page of the people who match the filters; the last page when there are fewer.

    Raises `NotFound` without access to the directory, as all queries with an actor do.
    """
    _require_directory_access(actor)
    matching = _select_people().where(*_build_filter_conditions(filters))
    count = db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    pages = max(1, ceil(count / PER_PAGE))
    number = min(filters.page, pages)
    ordered = matching.order_by(*_order_columns(filters.sort), Person.id)
    rows = db.session.execute(ordered.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    roles = _list_roles_by_person([person.id for person, _ in rows])
    entries = [
        DirectoryEntry(person, last_seen_at, roles.get(person.id, [])) for person, last_seen_at in rows
    ]
    return DirectoryPage(entries, count, number, pages)


def get_entry(actor: Actor, person_id: UUID) -> DirectoryEntry:
    _require_directory_access(actor)
    row = get_row(_select_people().where(Person.id == person_id))
    return DirectoryEntry(row[0], row[1], _list_roles_by_person([person_id]).get(person_id, []))


def find_surviving_account_id(actor: Actor, person_id: UUID) -> UUID | None:
    """The account into which another one was joined; None for an account that was not."""
    _require_directory_access(actor)
    return join_queries.find_successor_id(person_id)


def get_person(actor: Actor, person_id: UUID) -> Person:
    _require_directory_access(actor)
    return get_scalar(select(Person).where(Person.id == person_id, ~IS_JOINED))


def get_role_assignment(person: Person, assignment_id: UUID) -> RoleAssignment:
    """A role of a person whom the caller may see. Raises `NotFound`."""
    statement = select(RoleAssignment).where(
        RoleAssignment.id == assignment_id, RoleAssignment.person_id == person.id
    )
    return get_scalar(statement)


def count_open_sessions(person: Person) -> int:
    """How many sessions of a person are neither ended nor expired."""
    statement = (
        select(func.count())
        .select_from(OpenSession)
        .where(
            OpenSession.person_id == person.id,
            OpenSession.ended_at.is_(None),
            OpenSession.expires_at > clock.now(),
        )
    )
    return db.session.scalar(statement) or 0


_ROLE_PLACES = (
    select(Scope.id, Scope.kind, Programme.name_fr, Programme.name_en, Project.acronym, Project.organisation)
    .outerjoin(Programme, _IS_PROGRAMME_OF_SCOPE)
    .outerjoin(Project, Project.id == Scope.id)
    .where(Scope.id.in_(bindparam("scopes", expanding=True)))
)


def get_scope_names_by_id(scope_ids: Iterable[UUID | None]) -> Mapping[UUID, RoleScopeNames]:
    """The names of scopes by id, in one query."""
    ids = {id_ for id_ in scope_ids if id_ is not None}
    return {
        row.id: RoleScopeNames(
            row.kind,
            in_reader_language(row.name_fr or "", row.name_en or ""),
            row.acronym or row.organisation or "",
        )
        for row in db.session.execute(_ROLE_PLACES, {"scopes": list(ids)})
    }


def _require_directory_access(actor: Actor) -> None:
    if not policy.can_open_directory(actor):
        raise NotFound


def _select_people() -> Select[Person, datetime | None]:
    """All people with when they were last seen, but accounts that were joined into another one."""
    everybody = select(Person, _LAST_SEEN.c.at).outerjoin(_LAST_SEEN, _LAST_SEEN.c.person_id == Person.id)
    return everybody.where(~IS_JOINED)


def _build_filter_conditions(filters: DirectoryFilters) -> list[ColumnElement[bool]]:
    conditions = [
        or_(
            Person.name_fold.contains(fold(word), autoescape=True),
            Person.email.contains(word.lower(), autoescape=True),
            join_queries.joined_address_condition(word.lower()),
        )
        for word in filters.q.split()
    ]
    is_erased = Person.email.endswith(f"@{ERASED_DOMAIN}", autoescape=True)
    if filters.state is AccountState.ERASED:
        conditions.append(is_erased)
    elif filters.state is AccountState.CLOSED:
        conditions += [Person.disabled_at.is_not(None), ~is_erased]
    elif filters.state is not None:
        unused = filters.state is AccountState.UNUSED
        sign_in_condition = _LAST_SEEN.c.at.is_(None) if unused else _LAST_SEEN.c.at.is_not(None)
        conditions += [Person.disabled_at.is_(None), sign_in_condition]
    if filters.role or filters.programme:
        conditions.append(Person.id.in_(_select_role_holder_ids(filters)))
    return conditions


def _select_role_holder_ids(filters: DirectoryFilters) -> Select[UUID]:
    """Ids of people with the filtered role, in the filtered programme or one of its projects."""
    holders = select(RoleAssignment.person_id)
    if filters.role:
        holders = holders.where(RoleAssignment.role == filters.role)
    if filters.programme:
        holders = holders.join(Scope, Scope.id == RoleAssignment.scope_id)
        holders = holders.join(Programme, _IS_PROGRAMME_OF_SCOPE)
        holders = holders.where(Programme.slug == filters.programme)
    return holders


def _order_columns(sort: DirectorySort) -> Sequence[ColumnElement[Any]]:
    if sort is DirectorySort.LAST_SEEN:
        return _LAST_SEEN.c.at.desc().nulls_last(), Person.name_fold.asc()
    if sort is DirectorySort.CREATED:
        return (Person.created_at.desc(),)
    return (Person.name_fold.asc(),)


_ROLES = (
    select(RoleAssignment, Scope.kind, Track)
    .join(Scope, Scope.id == RoleAssignment.scope_id)
    .outerjoin(Track, Track.id == RoleAssignment.track_id)
    .where(RoleAssignment.person_id.in_(bindparam("people", expanding=True)))
    .order_by(RoleAssignment.created_at.desc(), RoleAssignment.id.desc())
)


def _list_roles_by_person(person_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[CurrentRole]]:
    """The roles of several people by person id, widest scope first, in two queries."""
    rows = db.session.execute(_ROLES, {"people": person_ids}).all()
    places = get_scope_names_by_id(assignment.scope_id for assignment, _, _ in rows)
    order = list(ScopeKind)
    roles: dict[UUID, list[CurrentRole]] = defaultdict(list)
    for assignment, _, track in sorted(rows, key=lambda row: order.index(row[1])):
        roles[assignment.person_id].append(CurrentRole(assignment, places[assignment.scope_id], track))
    return roles
