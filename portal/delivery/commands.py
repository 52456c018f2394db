"""Sending again what was given up."""

from uuid import UUID

from portal.delivery import policy, queries
from portal.delivery.queries import State
from portal.kernel import audit, outbox
from portal.kernel.access import Actor, require
from portal.kernel.db import db, lock_row
from portal.kernel.errors import RuleBroken
from portal.kernel.outbox import OutboxMessage
from portal.kernel.text import gettext as _

AT_ONCE = 500  # letters, so that one press is one short transaction

AGAIN = audit.Action("letter.tried_again")


def try_again(actor: Actor, letter_id: UUID) -> None:
    """Raises `RuleBroken` for a letter that was not given up, or is not any more."""
    letter = queries.get_letter(actor, letter_id)
    require(policy.can_try_again(actor))
    lock_row(OutboxMessage, letter.id)
    db.session.refresh(letter)
    if queries.state_of(letter) is not State.GIVEN_UP:
        raise RuleBroken(None, _("Ce courriel a déjà été relancé."))
    _try(actor, letter)


def try_all_again(actor: Actor) -> int:
    """How many were put back on their way; at most `AT_ONCE`, the oldest first."""
    letters = queries.list_given_up(actor, AT_ONCE)
    require(policy.can_try_again(actor))
    for letter in letters:
        _try(actor, letter)
    return len(letters)


def _try(actor: Actor, letter: OutboxMessage) -> None:
    outbox.try_again(letter)
    audit.record(actor, AGAIN, letter, scope_id=None, facts={"kind": letter.kind})
