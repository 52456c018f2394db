"""Taking a reply in: as the comment of whom its address was made for, if they still may."""

from enum import StrEnum

from sqlalchemy import select

from portal.collaboration.discussions import commands as discussions
from portal.collaboration.discussions.models import COMMENT_MAX, Comment
from portal.collaboration.discussions.queries import get_comment, get_thread
from portal.communication.inbound_mail.mail_documents import IncomingMail
from portal.communication.notifications.models import Notification
from portal.communication.notifications.reply_address_queries import find_replied_notification
from portal.people.accounts.models import Person
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import idempotency, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, NotFound
from portal.platform.kernel.tokens import TokenSealer

SUBMISSION_FORM = (
    "reply by mail"  # of the key that makes a mail one comment, however often it comes
)


class ReplyOutcome(StrEnum):
    """What became of a mail."""

    PUBLISHED = "published"
    REPEATED = "repeated"  # it had come before
    REFUSED = "refused"  # its writer reads why
    IGNORED = "ignored"  # a machine sent it, or its account is closed: nobody is answered
    UNKNOWN = "unknown"  # no such address: the server that brought it says so


class ReplyRefusal(StrEnum):
    """Why a reply is refused, in words in its letter."""

    OTHER_SENDER = "other_sender"
    NO_ACCESS = "no_access"
    EMPTY = "empty"
    TOO_LONG = "too_long"


def receive_reply(sealer: TokenSealer, domain: str, mail: IncomingMail) -> ReplyOutcome:
    """Act on a mail, in the transaction under way. Only whom it was made for is ever answered."""
    notification = _find_notification(sealer, domain, mail)
    if notification is None:
        return ReplyOutcome.UNKNOWN
    person = db.session.scalars(select(Person).where(Person.id == notification.person_id)).one()
    if mail.is_automatic or person.disabled_at is not None:
        return ReplyOutcome.IGNORED
    if not idempotency.claim(person.id, SUBMISSION_FORM, mail.key):
        return ReplyOutcome.REPEATED
    reason = _find_refusal(person, mail)
    if reason is None and not _publish_reply(actor_for(person.id), notification, mail.text):
        reason = ReplyRefusal.NO_ACCESS
    if reason is None:
        return ReplyOutcome.PUBLISHED
    outbox.queue_letter(
        "reply-refused",
        address=person.email,
        locale=person.locale,
        facts={"name": person.name, "reason": reason.value, "fact_id": str(notification.fact_id)},
        person_id=person.id,
    )
    return ReplyOutcome.REFUSED


def _find_notification(sealer: TokenSealer, domain: str, mail: IncomingMail) -> Notification | None:
    for address in mail.addresses:
        local_part, _at, where = address.rpartition("@")
        if domain and where.lower() == domain:
            notification = find_replied_notification(sealer, local_part)
            if notification is not None and notification.subject == Comment.__tablename__:
                return notification
    return None


def _find_refusal(person: Person, mail: IncomingMail) -> ReplyRefusal | None:
    if mail.sender != person.email:
        return ReplyRefusal.OTHER_SENDER
    if not mail.text:
        return ReplyRefusal.EMPTY
    return ReplyRefusal.TOO_LONG if len(mail.text) > COMMENT_MAX else None


def _publish_reply(actor: Actor, notification: Notification, text: str) -> bool:
    """Whether they still may: asked of the thread itself, as on its page."""
    try:
        comment = get_comment(actor, notification.subject_id)
        discussions.reply(actor, get_thread(actor, comment.thread_id), text)
    except (NotFound, NotAllowed):
        return False
    return True
