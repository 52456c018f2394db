"""Queries on access tokens: who stands behind one, and the lists of its pages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from portal.api.tokens import policy
from portal.api.tokens.models import ApiToken
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, RoleAssignment
from portal.people.programmes.queries import list_programmes
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.early_reads import fetch_before_transaction
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import token_hash
from portal.project.projects.models import Project

TOKENS_SHOWN = 500


@dataclass(frozen=True)
class TokenBearer:
    """An open token and its person; the actor's roles are limited to the token's programme."""

    token_id: UUID
    can_write: bool
    areas: Sequence[str]
    programme_id: UUID | None
    last_used_at: datetime | None
    api_version: str | None  # None before its first use
    name: str
    locale: str
    time_zone: str
    actor: Actor
    lacks_factor: bool  # a role of the person demands a second factor, and there is none
    is_machine: bool = False


@dataclass(frozen=True)
class TokenLine:
    """A token in a list, with its person's name and its programme."""

    token: ApiToken
    person_name: str
    programme: Programme | None


def find_bearer(token: str) -> TokenBearer | None:
    """Who stands behind a token; None once it or the account is closed."""
    rows = fetch_before_transaction(_BEARER, {"token_hash": token_hash(token), "now": clock.now()})
    if not rows:
        return None
    id_, can_write, areas, programme_id, last_used_at, api_version, *person = rows[0][:11]
    person_id, name, locale, zone, factor_at = person
    roles: dict[UUID, set[Role]] = defaultdict(set)
    all_roles: set[Role] = set()
    for scope_id, role, its_programme_id in (row[11:] for row in rows):
        if scope_id is None:
            continue
        all_roles.add(role)
        if programme_id is None or programme_id in {scope_id, its_programme_id}:
            roles[scope_id].add(role)
    return TokenBearer(
        token_id=id_,
        can_write=can_write,
        areas=areas,
        programme_id=programme_id,
        last_used_at=last_used_at,
        api_version=api_version,
        name=name,
        locale=locale,
        time_zone=zone,
        actor=Actor(person_id, {scope: frozenset(its_roles) for scope, its_roles in roles.items()}),
        lacks_factor=factor_at is None and bool(all_roles & set(get_service(Settings).second_factor_roles)),
    )


_BEARER = PreparedStatement(
    select(
        ApiToken.id,
        ApiToken.can_write,
        ApiToken.areas,
        ApiToken.programme_id,
        ApiToken.last_used_at,
        ApiToken.api_version,
        Person.id,
        Person.name,
        Person.locale,
        Person.time_zone,
        Person.second_factor_at,
        RoleAssignment.scope_id,
        RoleAssignment.role,
        Project.programme_id,
    )
    .join(Person, Person.id == ApiToken.person_id)
    .outerjoin(RoleAssignment, RoleAssignment.person_id == Person.id)
    .outerjoin(Project, Project.id == RoleAssignment.scope_id)
    .where(
        ApiToken.token_hash == bindparam("token_hash"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > bindparam("now"),
        Person.disabled_at.is_(None),
    )
)


def find_open_token(token: str) -> ApiToken | None:
    """The row of a token that is neither revoked nor expired, if any."""
    return db.session.scalar(_select_open_tokens().where(ApiToken.token_hash == token_hash(token)))


def _select_open_tokens() -> Select[ApiToken]:
    return select(ApiToken).where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now())


def list_open_tokens_of(person: Person) -> Sequence[ApiToken]:
    """A person's open tokens, the oldest first; for commands on their account."""
    return db.session.scalars(
        _select_open_tokens().where(ApiToken.person_id == person.id).order_by(ApiToken.id)
    ).all()


def list_own_open_tokens(actor: Actor) -> Sequence[TokenLine]:
    """One's open tokens, the newest first."""
    return _list_token_lines(_select_open_tokens().where(policy.visible_to(actor)))


def list_all_open_tokens(actor: Actor) -> Sequence[TokenLine]:
    """Everybody's tokens that open, for administrators: none of a closed account.

    Raises `NotFound` for others.
    """
    if not policy.can_revoke_all(actor):
        raise NotFound
    return _list_token_lines(_select_open_tokens().where(Person.disabled_at.is_(None)))


def _list_token_lines(tokens: Select[ApiToken]) -> Sequence[TokenLine]:
    rows = tokens.join(Person, Person.id == ApiToken.person_id)
    rows = rows.outerjoin(Programme, Programme.id == ApiToken.programme_id)
    with_names = rows.add_columns(Person.name, Programme).order_by(ApiToken.id.desc()).limit(TOKENS_SHOWN)
    return [TokenLine(*row) for row in db.session.execute(with_names)]


def count_person_open_tokens(person_id: UUID) -> int:
    """How many open tokens a person or machine has."""
    own = _select_open_tokens().where(ApiToken.person_id == person_id).subquery()
    return db.session.scalar(select(func.count()).select_from(own)) or 0


def map_open_tokens_by_person(person_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[ApiToken]]:
    """The open tokens of machines that the caller manages, the newest first."""
    tokens: dict[UUID, list[ApiToken]] = defaultdict(list)
    statement = _select_open_tokens().where(ApiToken.person_id.in_(person_ids)).order_by(ApiToken.id.desc())
    for token in db.session.scalars(statement):
        tokens[token.person_id].append(token)
    return tokens


def get_token(actor: Actor, id_: UUID) -> ApiToken:
    """A token of one's own, or any for an administrator; raises `NotFound`."""
    tokens = select(ApiToken).where(ApiToken.id == id_)
    return get_scalar(tokens if policy.can_revoke_all(actor) else tokens.where(policy.visible_to(actor)))


def list_programme_choices(actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the programmes to which the actor may limit a token."""
    return [(str(programme.id), programme.name) for programme in list_programmes(actor)]
