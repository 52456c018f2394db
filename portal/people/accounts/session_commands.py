"""Commands on sign-ins: prove a session, note a failure, and single-use challenges."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from portal.people.accounts import queries
from portal.people.accounts.commands import SESSION_LIFE, SIGNED_IN
from portal.people.accounts.models import Person, SignedInPerson, SignInChallenge
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session, mark_refusal_for_commit
from portal.platform.kernel.outbox import has_queued_letter, queue_letter
from portal.platform.kernel.tokens import new_token, token_hash

PROVED = audit.Action("person.proved")
SIGN_IN_FAILED = audit.Action("person.sign_in_failed")
NOBODY = UUID(int=0)  # the subject of failed sign-ins with an unknown address
REQUEST_LIFE = timedelta(minutes=10)
_FORGOTTEN_AFTER = timedelta(days=1)


def record_session_proof(
    signed_in: SignedInPerson, factor: str, *, at: datetime | None = None
) -> SignedInPerson:
    """Note a proof in a session, `at` a moment (now), and give it a fresh token; the first one completes
    the sign-in.

    `factor` names the kind of proof in the trail, such as `code` or `passkey`.
    """
    session, person = signed_in.session, signed_in.person
    is_first = session.proved_at is None and person.second_factor_at is not None
    token = new_token()
    session.token_hash = token_hash(token)
    session.proved_at = at or clock.now()
    if is_first:
        session.expires_at = clock.now() + SESSION_LIFE
    action = SIGNED_IN if is_first else PROVED
    audit.record(Actor(person.id, {}), action, person, scope_id=None, facts={"factor": factor})
    return SignedInPerson(person=person, session=session, token=token)


def record_failed_factor(person: Person | None, factor: str) -> None:
    """Note a failed sign-in without what was typed; as much is written for an unknown address.

    The refusal that answers the request does not undo it.
    """
    subject = person if person is not None else Person(id=NOBODY)
    audit.record(None, SIGN_IN_FAILED, subject, scope_id=None, facts={"factor": factor})
    mark_refusal_for_commit()


def record_failed_sign_in(email: str, *, is_last: bool) -> None:
    """Note a wrong password for an address; tell its owner, once a day, when tries are used up."""
    person = queries.find_person_by_email(email)
    record_failed_factor(person, "password")
    if not is_last or person is None or person.disabled_at is not None:
        return
    queue_failure_letter(person, "sign-in-failures")


def queue_failure_letter(person: Person, letter: str) -> None:
    """Queue the letter about failures that used up the tries of an account, once a day."""
    key = f"{letter}-{person.id.hex}-{clock.today().isoformat()}"
    if not has_queued_letter(key):
        facts = {"name": person.name, "at": clock.now().isoformat()}
        queue_letter(
            letter,
            address=person.email,
            locale=person.locale,
            facts=facts,
            person_id=person.id,
            message_key=key,
        )


def add_sign_in_challenge(
    purpose: str, secret: str, *, person_id: UUID | None = None, facts: Mapping[str, str] | None = None
) -> UUID:
    """Store a challenge that can be answered once within `REQUEST_LIFE`; return its id.

    Forgets challenges of earlier days.
    """
    now = clock.now()
    db.session.execute(delete(SignInChallenge).where(SignInChallenge.expires_at < now - _FORGOTTEN_AFTER))
    sign_in_request = SignInChallenge(
        purpose=purpose,
        person_id=person_id,
        secret_hash=token_hash(secret),
        facts=dict(facts or {}),
        expires_at=now + REQUEST_LIFE,
    )
    db.session.add(sign_in_request)
    flush_session()
    return sign_in_request.id


def use_up_sign_in_challenge(id_: UUID, purpose: str, secret: str) -> SignInChallenge | None:
    """Use up an open challenge; None if it is unknown, another one's, used or too old."""
    open_requests = select(SignInChallenge).where(
        SignInChallenge.id == id_,
        SignInChallenge.purpose == purpose,
        SignInChallenge.secret_hash == token_hash(secret),
        SignInChallenge.used_at.is_(None),
        SignInChallenge.expires_at > clock.now(),
    )
    sign_in_request = db.session.scalar(open_requests.with_for_update())
    if sign_in_request is not None:
        sign_in_request.used_at = clock.now()
        flush_session()
    return sign_in_request
