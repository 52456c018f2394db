"""Receive a reply by mail: publish it as a comment of the person whose reply address it used."""

from collections.abc import Sequence
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
from portal.people.second_factor.policy import lacks_demanded_factor
from portal.platform.kernel import clock, idempotency, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, NotFound
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import TokenSealer, token_hash

SUBMISSION_FORM = "reply by mail"  # the idempotency key's form: a mail makes one comment


class ReplyOutcome(StrEnum):
    """How an incoming mail was handled."""

    PUBLISHED = "published"
    REPEATED = "repeated"  # received before
    REFUSED = "refused"  # its sender gets a mail that says why
    IGNORED = "ignored"  # an automatic mail, or a closed account: nobody is answered
    UNKNOWN = "unknown"  # no such address: the delivering server rejects it


class ReplyRefusalReason(StrEnum):
    """Why a reply is refused; the letter has a sentence for each."""

    OTHER_SENDER = "other_sender"
    NO_ACCESS = "no_access"
    NO_FACTOR = "no_factor"
    EMPTY = "empty"
    TOO_LONG = "too_long"


def receive_reply(sealer: TokenSealer, domain: str, mail: IncomingMail) -> ReplyOutcome:
    """Handle a mail in the current transaction; only the reply address's owner is ever answered."""
    notification = _find_notification(sealer, domain, mail.addresses)
    if notification is None:
        return ReplyOutcome.UNKNOWN
    person = db.session.scalars(select(Person).where(Person.id == notification.person_id)).one()
    if mail.is_automatic or person.disabled_at is not None:
        return ReplyOutcome.IGNORED
    if not idempotency.claim_form_key(person.id, SUBMISSION_FORM, mail.key):
        return ReplyOutcome.REPEATED
    actor, roles = actor_for(person.id), get_service(Settings).second_factor_roles
    reason = _find_refusal(person, mail)
    if reason is None and lacks_demanded_factor(actor, person, roles):
        reason = ReplyRefusalReason.NO_FACTOR
    if reason is None and not _publish_reply(actor, notification, mail.text):
        reason = ReplyRefusalReason.NO_ACCESS
    if reason is None:
        return ReplyOutcome.PUBLISHED
    key = token_hash(f"reply refused {notification.fact_id} {person.id} {clock.today()}")
    if outbox.has_queued_letter(key):  # one a day for each reply address: anybody may write to it
        return ReplyOutcome.REFUSED
    outbox.queue_letter(
        "reply-refused",
        address=person.email,
        locale=person.locale,
        facts={"name": person.name, "reason": reason.value, "fact_id": str(notification.fact_id)},
        person_id=person.id,
        message_key=key,
    )
    return ReplyOutcome.REFUSED


def is_reply_address(sealer: TokenSealer, domain: str, addresses: Sequence[str]) -> bool:
    """Tell whether one of these addresses is a reply address of this installation."""
    return _find_notification(sealer, domain, addresses) is not None


def _find_notification(sealer: TokenSealer, domain: str, addresses: Sequence[str]) -> Notification | None:
    for address in addresses:
        local_part, _at, address_domain = address.rpartition("@")
        if domain and address_domain.lower() == domain:
            notification = find_replied_notification(sealer, local_part)
            if notification is not None and notification.subject == Comment.__tablename__:
                return notification
    return None


def _find_refusal(person: Person, mail: IncomingMail) -> ReplyRefusalReason | None:
    if mail.sender != person.email:
        return ReplyRefusalReason.OTHER_SENDER
    if not mail.text:
        return ReplyRefusalReason.EMPTY
    return ReplyRefusalReason.TOO_LONG if len(mail.text) > COMMENT_MAX else None


def _publish_reply(actor: Actor, notification: Notification, text: str) -> bool:
    """Reply to the thread; False when the person may not see or comment it any more."""
    try:
        comment = get_comment(actor, notification.subject_id)
        thread = get_thread(actor, comment.thread_id)
        discussions.reply_to_thread(actor, thread, text, read_at=comment.created_at)
    except (NotFound, NotAllowed):
        return False
    return True
