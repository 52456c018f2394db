"""Create and revoke access tokens, and note their use."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, update

from portal.api.tokens import queries
from portal.api.tokens.models import PREFIX, TOKENS_MAX, ApiToken
from portal.people.accounts.access_commands import PersonalTokenOrLink
from portal.people.accounts.models import Person
from portal.people.accounts.queries import get_own_person
from portal.people.second_factor.commands import require_demanded_factor
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.marks import write_mark_or_skip
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import new_token, token_hash

CREATED = audit.Action("api_token.created")
REVOKED = audit.Action("api_token.revoked")
USE_INTERVAL = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class TokenFacts:
    """What a token is for. No `areas`: all; no programme: wherever the person has a role."""

    name: str
    can_write: bool
    areas: Sequence[str]
    programme_id: UUID | None
    days: int


def create_token(actor: Actor, scopes: TokenFacts) -> str:
    """Create a token; returns its text, which is not stored.

    Raises `RuleBroken` for too many, or if a role demands a second factor that the actor lacks.
    """
    return create_token_for_person(actor, get_own_person(actor), scopes)


def create_token_for_person(actor: Actor, person: Person, scopes: TokenFacts) -> str:
    """The same for a machine that the caller may manage."""
    require_demanded_factor(actor)
    lock_row(Person, person.id)
    if queries.count_person_open_tokens(person.id) >= TOKENS_MAX:
        raise RuleBroken(None, _("Il y a déjà %(n)s jetons : retirez-en un.", n=TOKENS_MAX))
    text = PREFIX + new_token()
    token = ApiToken(
        person_id=person.id,
        name=scopes.name,
        token_hash=token_hash(text),
        can_write=scopes.can_write,
        areas=list(scopes.areas),
        programme_id=scopes.programme_id,
        expires_at=clock.now() + timedelta(days=scopes.days),
    )
    db.session.add(token)
    facts = {"name": scopes.name, "can_write": scopes.can_write, "days": scopes.days}
    audit.record(actor, CREATED, token, scope_id=None, facts=facts)
    return text


def revoke_token(actor: Actor, token: ApiToken) -> None:
    """Revoke a token of one's own or, as an administrator, of somebody else; idempotent."""
    _revoke_and_record(actor, token)


def revoke_leaked_token(text: str) -> None:
    """Revoke a token by its text: whoever holds it may, so that a leak does no more harm."""
    token = queries.find_open_token(text)
    if token is not None:
        _revoke_and_record(None, token)


def list_person_open_token_lines(person: Person) -> list[PersonalTokenOrLink]:
    """The open tokens of a person, to keep or to end."""
    tokens = queries.list_open_tokens_of(person)
    return [
        PersonalTokenOrLink(f"token-{token.id}", _("Jeton d’accès « %(name)s »", name=token.name))
        for token in tokens
    ]


def revoke_person_tokens_except(actor: Actor | None, person: Person, keep: Collection[str]) -> None:
    """Revoke the tokens of a person, except those whose key is in `keep`."""
    for token in queries.list_open_tokens_of(person):
        if f"token-{token.id}" not in keep:
            _revoke_and_record(actor, token)


def _revoke_and_record(actor: Actor | None, token: ApiToken) -> None:
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        audit.record(actor, REVOKED, token, scope_id=None, facts={"name": token.name})


def record_token_use(token_id: UUID, last_used_at: datetime | None, version: str) -> None:
    """Note that a token was used, every `USE_INTERVAL` at most, in a transaction of its own, and the
    version of the API at its first use."""
    now = clock.now()
    if last_used_at is not None and now - last_used_at < USE_INTERVAL:
        return
    used = {"last_used_at": now, "api_version": func.coalesce(ApiToken.api_version, version)}
    write_mark_or_skip(update(ApiToken).where(ApiToken.id == token_id).values(used))
