"""Retrying mails that were given up."""

from uuid import UUID

from portal.platform.kernel import audit, outbox
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.text import gettext as _
from portal.platform.mail import policy, queries
from portal.platform.mail.queries import LetterState

RETRY_BATCH = 500  # mails of one click: keeps the transaction short

LETTER_RETRIED = audit.Action("letter.tried_again")


def retry_letter(actor: Actor, letter_id: UUID) -> None:
    """Queue a given-up mail again. Raises `RuleBroken` when it is not given up (any more)."""
    letter = queries.get_letter(actor, letter_id)
    require(policy.can_retry_letters(actor))
    lock_row(OutboxMessage, letter.id)
    reload_row(letter)
    if queries.letter_state_of(letter) is not LetterState.GIVEN_UP:
        raise RuleBroken(None, _("Ce courriel a déjà été relancé."))
    _requeue_letter(actor, letter)


def retry_all_letters(actor: Actor) -> int:
    """Queue given-up mails again, oldest first, at most `RETRY_BATCH`; returns their number."""
    letters = queries.lock_given_up_letters(actor, RETRY_BATCH)
    require(policy.can_retry_letters(actor))
    for letter in letters:
        _requeue_letter(actor, letter)
    return len(letters)


def _requeue_letter(actor: Actor, letter: OutboxMessage) -> None:
    outbox.reset_given_up_letter(letter)
    audit.record(actor, LETTER_RETRIED, letter, scope_id=None, facts={"kind": letter.kind})
