"""Sending again what was given up."""

from uuid import UUID

from portal.platform.kernel import audit, outbox
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.text import gettext as _
from portal.platform.mail import policy, queries
from portal.platform.mail.queries import LetterState

RETRY_BATCH = 500  # letters, so that one press is one short transaction

LETTER_RETRIED = audit.Action("letter.tried_again")


def retry_letter(actor: Actor, letter_id: UUID) -> None:
    """Raises `RuleBroken` for a letter that was not given up, or is not any more."""
    letter = queries.get_letter(actor, letter_id)
    require(policy.can_try_again(actor))
    lock_row(OutboxMessage, letter.id)
    db.session.refresh(letter)
    if queries.state_of(letter) is not LetterState.GIVEN_UP:
        raise RuleBroken(None, _("Ce courriel a déjà été relancé."))
    _retry(actor, letter)


def retry_all_letters(actor: Actor) -> int:
    """How many were put back on their way; at most `AT_ONCE`, the oldest first."""
    letters = queries.list_given_up_letters(actor, RETRY_BATCH)
    require(policy.can_try_again(actor))
    for letter in letters:
        _retry(actor, letter)
    return len(letters)


def _retry(actor: Actor, letter: OutboxMessage) -> None:
    outbox.reset_given_up_letter(letter)
    audit.record(actor, LETTER_RETRIED, letter, scope_id=None, facts={"kind": letter.kind})
