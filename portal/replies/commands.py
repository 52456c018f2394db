"""Taking a reply in: as the comment of whom its address was made for, if they still may."""

from enum import StrEnum

from sqlalchemy import select

from portal.accounts.models import Person
from portal.discussions import commands as discussions
from portal.discussions.models import COMMENT_MAX, Comment
from portal.discussions.queries import get_comment, get_thread
from portal.kernel import outbox, submissions
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.secrets import Sealer
from portal.notifications.models import Notification
from portal.notifications.replying import find_addressed
from portal.programmes.queries import actor_for
from portal.replies.reading import Incoming

FORM = "reply by mail"  # of the key that makes a mail one comment, however often it comes


class Outcome(StrEnum):
    """What became of a mail."""

    PUBLISHED = "published"
    REPEATED = "repeated"  # it had come before
    REFUSED = "refused"  # its writer reads why
    IGNORED = "ignored"  # a machine sent it, or its account is closed: nobody is answered
    UNKNOWN = "unknown"  # no such address: the server that brought it says so


class Reason(StrEnum):
    """Why a reply is refused, in words in its letter."""

    OTHER_SENDER = "other_sender"
    NO_ACCESS = "no_access"
    EMPTY = "empty"
    TOO_LONG = "too_long"


def receive(sealer: Sealer, domain: str, mail: Incoming) -> Outcome:
    """Act on a mail, in the transaction under way. Only whom it was made for is ever answered."""
    told = _find(sealer, domain, mail)
    if told is None:
        return Outcome.UNKNOWN
    person = db.session.scalars(select(Person).where(Person.id == told.person_id)).one()
    if mail.is_automatic or person.disabled_at is not None:
        return Outcome.IGNORED
    if not submissions.claim(person.id, FORM, mail.key):
        return Outcome.REPEATED
    reason = _reason_against(person, mail)
    if reason is None and not _publish(actor_for(person.id), told, mail.text):
        reason = Reason.NO_ACCESS
    if reason is None:
        return Outcome.PUBLISHED
    outbox.queue(
        "reply-refused",
        address=person.email,
        locale=person.locale,
        facts={"name": person.name, "reason": reason.value, "fact_id": str(told.fact_id)},
        person_id=person.id,
    )
    return Outcome.REFUSED


def _find(sealer: Sealer, domain: str, mail: Incoming) -> Notification | None:
    for address in mail.addresses:
        local_part, _at, where = address.rpartition("@")
        if domain and where.lower() == domain:
            told = find_addressed(sealer, local_part)
            if told is not None and told.subject == Comment.__tablename__:
                return told
    return None


def _reason_against(person: Person, mail: Incoming) -> Reason | None:
    if mail.sender != person.email:
        return Reason.OTHER_SENDER
    if not mail.text:
        return Reason.EMPTY
    return Reason.TOO_LONG if len(mail.text) > COMMENT_MAX else None


def _publish(actor: Actor, told: Notification, text: str) -> bool:
    """Whether they still may: asked of the thread itself, as on its page."""
    try:
        comment = get_comment(actor, told.subject_id)
        discussions.reply(actor, get_thread(actor, comment.thread_id), text)
    except (NotFound, NotAllowed):
        return False
    return True
