"""Commands on accounts: sign-in and sign-out, profile, password, disabling."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from portal.people.accounts import join_commands, policy, queries
from portal.people.accounts.access_commands import (
    list_access_beside_password,
    revoke_personal_tokens_and_links,
)
from portal.people.accounts.device_rules import Device
from portal.people.accounts.models import (
    HANDLE_MAX,
    NAME_MAX,
    AddressChange,
    OpenSession,
    PasswordReset,
    Person,
    SignedInPerson,
)
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.accounts.strength_rules import explain_weakness
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.marks import write_mark_or_skip
from portal.platform.kernel.outbox import OutboxMessage, queue_letter
from portal.platform.kernel.text import clean_text, slugify
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import new_token, token_hash

SESSION_LIFE = timedelta(days=7)
UNPROVED_LIFE = timedelta(minutes=15)  # of a session that waits for its second factor
LAST_SEEN_INTERVAL = timedelta(minutes=10)
UNKNOWN_DEVICE = Device()

CREATED = audit.Action("person.made")
SIGNED_IN = audit.Action("person.signed_in")
GAVE_PASSWORD = audit.Action("person.gave_password")  # and not yet a second factor
SIGNED_OUT = audit.Action("person.signed_out")
CLOSED_SESSION = audit.Action("person.closed_session")
CLOSED_SESSIONS = audit.Action("person.closed_sessions")
CHANGED_PROFILE = audit.Action("person.changed_profile")
CHANGED_PASSWORD = audit.Action("person.changed_password")
RESET_PASSWORD = audit.Action("person.reset_password")
DISABLED = audit.Action("person.disabled")
ENABLED = audit.Action("person.enabled")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Columns of a person that they edit themselves."""

    name: str
    locale: str
    time_zone: str


def create_person(actor: Actor | None, *, email: str, name: str, locale: str = "fr") -> Person:
    """Create a person without a password, with a unique handle made from the name.

    Raises `RuleBroken` on `name`.
    """
    name = clean_text(name)
    if not 1 <= len(name) <= NAME_MAX:
        raise RuleBroken("name", _("Donnez un nom, de %(n)s caractères au plus.", n=NAME_MAX))
    person = Person(email=email.strip().lower(), name=name, handle=_find_free_handle(name), locale=locale)
    db.session.add(person)
    audit.record(actor, CREATED, person, scope_id=None)
    return person


def _find_free_handle(name: str) -> str:
    base_handle = slugify(name, HANDLE_MAX - 5) or "personne"
    taken_handles = queries.list_taken_handles(base_handle)
    numbered = (f"{base_handle}-{n}" for n in range(2, 10_000))
    return (
        base_handle
        if base_handle not in taken_handles
        else next(h for h in numbered if h not in taken_handles)
    )


def choose_password(person: Person, password: str, passwords: PortalPasswordHasher, *, least: int) -> None:
    """Set a password of at least `least` characters.

    Raises `RuleBroken` on `password` with the reason if it is too weak.
    """
    weakness = explain_weakness(password, person, least=least)
    if weakness is not None:
        raise RuleBroken("password", weakness)
    person.password_hash = passwords.hash(password)


def sign_in(
    email: str, password: str, passwords: PortalPasswordHasher, device: Device = UNKNOWN_DEVICE
) -> SignedInPerson | None:
    """Return a new session, or None; takes as long for an unknown address as a wrong password."""
    person = queries.find_person_by_email(email)
    if not passwords.matches(person.password_hash if person else None, password):
        return None
    # Hashing is slow: meanwhile the account may have been disabled or its password changed. Lock
    # and check again, so that ending all sessions includes this one.
    if person is None or not queries.lock_and_check_open_account(person.id, person.password_hash):
        return None
    if person.password_hash and passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hash(password)
    return open_session(person, device)


def open_session(person: Person, device: Device = UNKNOWN_DEVICE) -> SignedInPerson:
    """Return a new session with a fresh token (which prevents session fixation).

    That of a person with a second factor is short and opens nothing until it is proved.
    """
    token, waits = new_token(), person.second_factor_at is not None
    session = OpenSession(
        person_id=person.id,
        token_hash=token_hash(token),
        expires_at=clock.now() + (UNPROVED_LIFE if waits else SESSION_LIFE),
        last_seen_at=clock.now(),
        browser=device.browser,
        system=device.system,
    )
    db.session.add(session)
    audit.record(Actor(person.id, {}), GAVE_PASSWORD if waits else SIGNED_IN, person, scope_id=None)
    return SignedInPerson(person=person, session=session, token=token)


def record_last_seen(session_id: UUID, before: datetime) -> None:
    """Record that a session was used, at most every `LAST_SEEN_INTERVAL`; not audited."""
    now = clock.now()
    if now - before < LAST_SEEN_INTERVAL:
        return
    session_update = update(OpenSession).where(OpenSession.id == session_id)
    write_mark_or_skip(session_update.values(last_seen_at=now))


def sign_out(actor: Actor, session: OpenSession) -> None:
    require(policy.can_end_session(actor, session))
    session.ended_at = clock.now()
    audit.record(actor, SIGNED_OUT, session, scope_id=None)


def close_session(actor: Actor, session: OpenSession) -> None:
    """End a session from another browser."""
    require(policy.can_end_session(actor, session))
    if session.ended_at is None:
        session.ended_at = clock.now()
        audit.record(actor, CLOSED_SESSION, session, scope_id=None)


def close_other_sessions(actor: Actor, person: Person, *, keep_session: OpenSession | None = None) -> None:
    """End all sessions of a person, except `keep_session`."""
    require(policy.can_edit_profile(actor, person))
    end_sessions(person, keep_session_id=keep_session.id if keep_session else None)
    audit.record(actor, CLOSED_SESSIONS, person, scope_id=None)


def end_sessions(person: Person, *, keep_session_id: UUID | None = None) -> None:
    """End all sessions of a person, except the one with this id; the caller records it."""
    open_sessions = update(OpenSession).where(
        OpenSession.person_id == person.id, OpenSession.ended_at.is_(None)
    )
    if keep_session_id is not None:
        open_sessions = open_sessions.where(OpenSession.id != keep_session_id)
    db.session.execute(open_sessions.values(ended_at=clock.now()))


def revoke_mail_links(person: Person) -> None:
    """Cancel the requests behind all links in letters to a person."""
    now = clock.now()
    resets = update(PasswordReset).where(
        PasswordReset.person_id == person.id, PasswordReset.ended_at.is_(None)
    )
    db.session.execute(resets.values(ended_at=now))
    changes = update(AddressChange).where(
        AddressChange.person_id == person.id,
        AddressChange.applied_at.is_(None),
        AddressChange.cancelled_at.is_(None),
    )
    db.session.execute(changes.values(cancelled_at=now))


def queue_mail_to(person: Person, kind: str, *, address: str | None = None, **facts: str) -> OutboxMessage:
    """Queue a letter in a person's language, to their address unless another one is given."""
    return queue_letter(
        kind, address=address or person.email, locale=person.locale, facts=facts, person_id=person.id
    )


def change_profile(actor: Actor, person: Person, profile: Profile, version: int) -> None:
    """Edit one's profile. Raises `Conflict` unless the person is at `version`."""
    require(policy.can_edit_profile(actor, person))
    check_version(person, version)
    changes = {"name": (person.name, profile.name)} if profile.name != person.name else {}
    person.name = profile.name
    person.locale = profile.locale
    person.time_zone = profile.time_zone
    join_commands.rename_joined_accounts(person)
    # Names stand beside the trail, where an erasure looks for former ones and takes them away.
    audit.record(actor, CHANGED_PROFILE, person, scope_id=None, changes=changes)


def choose_language(actor: Actor, person: Person, locale: str) -> None:
    require(policy.can_edit_profile(actor, person))
    if person.locale != locale:
        person.locale = locale
        audit.record(actor, CHANGED_PROFILE, person, scope_id=None, changes={"locale": (None, locale)})


def change_password(
    actor: Actor,
    signed_in: SignedInPerson,
    current: str,
    new: str,
    passwords: PortalPasswordHasher,
    *,
    keep: Collection[str] = (),
) -> None:
    """Change one's password and end the other sessions, and the tokens and links not in `keep`.

    Raises `RuleBroken` on `current_password` or `password`.
    """
    person = signed_in.person
    require(policy.can_edit_profile(actor, person))
    require_current_password(person, current, passwords)
    choose_password(person, new, passwords, least=policy.min_password_length(actor))
    _revoke_previous_access(person, keep_session_id=signed_in.session.id)
    revoke_personal_tokens_and_links(actor, person, keep=keep)
    audit.record(actor, CHANGED_PASSWORD, person, scope_id=None)


def require_current_password(person: Person, typed: str, passwords: PortalPasswordHasher) -> None:
    """Raise `RuleBroken` on `current_password` unless the typed password is the person's."""
    if not passwords.matches(person.password_hash, typed):
        raise RuleBroken("current_password", _("Ce n’est pas votre mot de passe actuel."))


def reset_password(
    actor: Actor | None, person: Person, new: str, passwords: PortalPasswordHasher, *, least: int
) -> None:
    """Set a password without the old one, by a letter's link or (actor None) the command line.

    Ends all sessions, tokens and calendar links. Raises `RuleBroken` on `password`.
    """
    if actor is not None:
        require(policy.can_edit_profile(actor, person))
    choose_password(person, new, passwords, least=least)
    _revoke_previous_access(person)
    revoke_personal_tokens_and_links(actor, person)
    audit.record(actor, RESET_PASSWORD, person, scope_id=None)


def _revoke_previous_access(person: Person, *, keep_session_id: UUID | None = None) -> None:
    end_sessions(person, keep_session_id=keep_session_id)
    revoke_mail_links(person)
    lasting = {"ways": "yes"} if list_access_beside_password(person) else {}
    queue_mail_to(person, "password-changed", name=person.name, **lasting)


def disable_account(actor: Actor | None, person: Person) -> None:
    """Disable an account; end its sessions, tokens and calendar links. The actor None is the command line."""
    if actor is not None:
        require(policy.can_disable(actor, person))
    if person.disabled_at is None:
        person.disabled_at = clock.now()
        end_sessions(person)
        revoke_mail_links(person)
        revoke_personal_tokens_and_links(actor, person)
        audit.record(actor, DISABLED, person, scope_id=None)


def enable_account(actor: Actor | None, person: Person) -> None:
    """Enable an account with the password it had; its sessions, tokens and links stay ended.

    Raises `RuleBroken` for an account that was erased.
    """
    if actor is not None:
        require(policy.can_manage_people(actor))
    if person.is_erased:
        raise RuleBroken(None, _("Ce compte est effacé : il ne se rouvre pas."))
    if person.disabled_at is not None:
        person.disabled_at = None
        audit.record(actor, ENABLED, person, scope_id=None)
