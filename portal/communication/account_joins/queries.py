"""The preview of a join: what each account has, what changes hands, what conflicts."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.communication.account_joins import policy
from portal.communication.account_joins.reference_queries import (
    AccountPair,
    Condition,
    TableWithPersonColumns,
    build_count_statement,
    list_tables_with_people,
)
from portal.communication.directory import queries as directory
from portal.communication.directory.history_queries import EndedRole, read_history
from portal.communication.directory.queries import DirectoryEntry
from portal.people.accounts.access_commands import PersonalTokenOrLink, list_personal_tokens_and_links
from portal.people.accounts.models import Person
from portal.people.accounts.queries import find_person_by_email
from portal.people.privacy import erasure_queries
from portal.people.proconnect.queries import list_identities_of
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment, ScopeKind
from portal.people.second_factor.queries import get_factors
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.personal_data import AccountJoinEffect, PersonalDataset

NOBODYS = ".invalid"  # the end of the addresses of machines, erased and joined accounts (RFC 2606)
ROLE_TABLE = RoleAssignment.__tablename__  # duplicate roles are ended, in the trail


class ObstacleKind(StrEnum):
    """Why two accounts cannot be joined."""

    SAME = "same"
    NOBODY = "nobody"  # erased, of a machine, or joined already
    ERASURE = "erasure"  # asked, and under way
    CLOSED = "closed"  # the one that would stay
    INDEPENDENCE = "independence"
    CONTENT = "content"  # both wrote what one person writes once
    UNFINISHED = "unfinished"  # both signed an act that awaits a third signature


@dataclass(frozen=True)
class JoinObstacle:
    kind: ObstacleKind
    detail: str = ""  # an address, a project or a dataset's label
    count: int = 0


@dataclass(frozen=True)
class AccountToJoin:
    """What an account has, besides content."""

    entry: DirectoryEntry
    ended_roles: Sequence[EndedRole]
    sessions: int
    access: Sequence[PersonalTokenOrLink]
    identities: int
    factors: int

    @property
    def person(self) -> Person:
        return self.entry.person


@dataclass(frozen=True)
class AccountContentCounts:
    """How many rows of a feature each account signed, and how many wait for each of them."""

    dataset: PersonalDataset
    goes: int
    stays: int
    goes_open: int
    stays_open: int


@dataclass(frozen=True)
class SettledConflictLine:
    """Rows of a feature that conflict, with what becomes of them."""

    dataset: PersonalDataset
    yielding: int  # those of the account that goes are dropped
    signed_by_both: int  # they stay as they are


@dataclass(frozen=True)
class JoinPreview:
    """`digest` changes with whatever an administrator decides on."""

    goes: AccountToJoin
    stays: AccountToJoin
    content: Sequence[AccountContentCounts]
    settled: Sequence[SettledConflictLine]
    effects: Sequence[str]
    obstacles: Sequence[JoinObstacle]
    digest: str


def get_person(actor: Actor, person_id: UUID) -> Person:
    """A person whom an administrator may join with another account. Raises `NotFound`."""
    return directory.get_person(actor, person_id)


def find_other_account(actor: Actor, address: str) -> Person | None:
    """The account of a typed address, for an administrator."""
    if not policy.can_open_account_joins(actor):
        raise NotFound
    return find_person_by_email(address)


def get_accounts(actor: Actor, goes_id: UUID, stays_id: UUID) -> tuple[Person, Person]:
    """Two accounts, for an administrator, joined ones too. Raises `NotFound`."""
    if not policy.can_open_account_joins(actor):
        raise NotFound
    return _get_account(goes_id), _get_account(stays_id)


def _get_account(person_id: UUID) -> Person:
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def read_preview(actor: Actor, goes: Person, stays: Person) -> JoinPreview:
    """What a join of two accounts without `list_account_obstacles` would do now, in a constant number
    of statements."""
    pair, references = AccountPair(goes.id, stays.id), list_tables_with_people()
    sides = _read_account_side(actor, goes), _read_account_side(actor, stays)
    counts = _AccountPairCounts(pair, references)
    obstacles = [*_list_independence_obstacles(*sides), *counts.list_obstacles()]
    content, settled = counts.list_content(), counts.list_settled_conflicts()
    effects = [
        sentence
        for each in list_contributions(AccountJoinEffect)
        for sentence in each.list_sentences(goes.id, stays.id)
    ]
    digest = _digest_preview(sides, content, settled, effects, obstacles)
    return JoinPreview(*sides, content, settled, effects, obstacles, digest)


def _read_account_side(actor: Actor, person: Person) -> AccountToJoin:
    return AccountToJoin(
        directory.get_entry(actor, person.id),
        read_history(person).ended_roles,
        directory.count_open_sessions(person),
        list_personal_tokens_and_links(person),
        len(list_identities_of(person.id)),
        get_factors(person).count,
    )


def list_account_obstacles(goes: Person, stays: Person) -> list[JoinObstacle]:
    """What about the accounts themselves forbids it."""
    if goes.id == stays.id:
        return [JoinObstacle(ObstacleKind.SAME)]
    obstacles = []
    for person in (goes, stays):
        if person.email.endswith(NOBODYS):
            obstacles.append(JoinObstacle(ObstacleKind.NOBODY, person.name))
        elif erasure_queries.find_open_erasure(person.id) is not None:
            obstacles.append(JoinObstacle(ObstacleKind.ERASURE, person.email))
    if stays.disabled_at is not None and not obstacles:
        obstacles.append(JoinObstacle(ObstacleKind.CLOSED, stays.email))
    return obstacles


def _list_independence_obstacles(goes: AccountToJoin, stays: AccountToJoin) -> list[JoinObstacle]:
    """Projects in which one person would hold roles that must be held by several."""
    roles_by_scope: dict[UUID, set[Any]] = {}
    for current in stays.entry.roles:
        roles_by_scope.setdefault(current.assignment.scope_id, set()).add(current.assignment.role)
    places = {
        current.place.project
        for current in goes.entry.roles
        if current.place.kind is ScopeKind.PROJECT
        and programmes.breaks_independence(
            frozenset(roles_by_scope.get(current.assignment.scope_id, ())), current.assignment.role
        )
    }
    return [JoinObstacle(ObstacleKind.INDEPENDENCE, place) for place in sorted(places)]


class _AccountPairCounts:
    """The counts of all tables for two accounts, read by one statement."""

    def __init__(self, pair: AccountPair, references: Sequence[TableWithPersonColumns]) -> None:
        self._references = [each for each in references if each.personal and not each.personal.left_out]
        conditions: dict[str, tuple[sa.Table, Condition]] = {}
        for each in self._references:
            for aspect, condition in _conditions_by_aspect(each, pair).items():
                conditions[f"{each.table.name} {aspect}"] = each.table, condition
        row = db.session.execute(build_count_statement(conditions)).one()
        self._values = dict(zip(conditions, row, strict=True))

    def _sum_aspects(self, dataset: PersonalDataset, *aspects: str) -> int:
        tables = [each.table.name for each in self._references if each.dataset is dataset]
        return sum(self._values.get(f"{table} {aspect}", 0) for table in tables for aspect in aspects)

    def _list_datasets(self) -> Sequence[PersonalDataset]:
        datasets = {each.dataset.topic: each.dataset for each in self._references if each.dataset}
        return [datasets[topic] for topic in sorted(datasets)]

    def list_content(self) -> Sequence[AccountContentCounts]:
        lines = [
            AccountContentCounts(
                data, *(self._sum_aspects(data, key) for key in ("goes", "stays", "goes open", "stays open"))
            )
            for data in self._list_datasets()
        ]
        return [line for line in lines if line.goes or line.stays]

    def list_settled_conflicts(self) -> Sequence[SettledConflictLine]:
        lines = [
            SettledConflictLine(data, self._sum_aspects(data, "yielding"), self._sum_aspects(data, "both"))
            for data in self._list_datasets()
        ]
        return [line for line in lines if line.yielding or line.signed_by_both]

    def list_obstacles(self) -> list[JoinObstacle]:
        kinds = {"colliding": ObstacleKind.CONTENT, "unfinished": ObstacleKind.UNFINISHED}
        return [
            JoinObstacle(kind, str(data.label), count)
            for data in self._list_datasets()
            for aspect, kind in kinds.items()
            if (count := self._sum_aspects(data, aspect))
        ]


def _conditions_by_aspect(reference: TableWithPersonColumns, pair: AccountPair) -> Mapping[str, Condition]:
    """What is counted of a table, under the conditions on its rows."""
    collides = sa.or_(sa.false(), *reference.list_collision_conditions(pair))
    if reference.is_deleted_with_person:
        # A role that both hold, a favourite, a mention: the other account's stays.
        return {} if reference.opens_account else {"yielding": collides}
    aspects = {
        "goes": reference.person_condition(pair.goes),
        "stays": reference.person_condition(pair.stays),
        "both": reference.signed_by_both_condition(pair),
        "unfinished": reference.awaits_third_signature_condition(pair),
        "yielding" if reference.yields else "colliding": collides,
    }
    for name, is_open in (reference.personal.open_work if reference.personal else {}).items():
        column = reference.table.c[name]
        aspects |= {
            "goes open": sa.and_(column == pair.goes, is_open),
            "stays open": sa.and_(column == pair.stays, is_open),
        }
    return aspects


def _digest_preview(sides: Collection[AccountToJoin], *parts: Sequence[Any]) -> str:
    """A digest of what an administrator saw; visits and notifications since do not change it."""
    accounts = [
        (
            side.person.email,
            side.person.disabled_at,
            sorted(str(current.assignment.id) for current in side.entry.roles),
            side.identities,
        )
        for side in sides
    ]
    plain = [[_plain_line_values(line) for line in part] for part in parts]
    return hashlib.sha256(repr((accounts, plain)).encode()).hexdigest()[:32]


def _plain_line_values(line: Any) -> Any:
    if isinstance(line, SettledConflictLine):  # read marks and notifications yield without being asked
        return line.dataset.topic, line.signed_by_both
    if isinstance(line, AccountContentCounts):
        return line.dataset.topic, line.goes, line.stays, line.goes_open, line.stays_open
    return line


def list_rejoin_obstacles(goes: Person, stays: Person) -> Sequence[JoinObstacle]:
    """What forbids to join two accounts again after a restore: content that would be lost, or an
    account that is none. Roles are those that an administrator joined."""
    own = list_account_obstacles(goes, stays)
    return (
        own or _AccountPairCounts(AccountPair(goes.id, stays.id), list_tables_with_people()).list_obstacles()
    )
