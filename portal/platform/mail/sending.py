"""One round of the post: every letter that is due is claimed, written, sent, and marked.

Any number of rounds may be under way, in threads and on machines: a lease keeps a letter to one.
Nothing is sent inside a transaction.
"""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event

import structlog
from sqlalchemy.exc import DBAPIError

from portal.platform.kernel import clock, outbox
from portal.platform.kernel.outbox import ClaimedLetter
from portal.platform.mail.letters import (
    WRITING_ERRORS,
    LetterPostponed,
    LetterWithdrawn,
    write_letter,
)
from portal.platform.mail.transport import (
    LetterDeferred,
    LetterRefused,
    MailServerUnavailable,
    Transport,
)

log = structlog.get_logger("portal")

BATCH = 5  # letters under one lease
LEASE = timedelta(minutes=5)
# A letter's ten or so exchanges may each take as long as the transport waits for an answer.
SENDING_TIME_MAX = timedelta(minutes=2)

ATTEMPTS_MAX = 12  # with the waits below, about half a day
FIRST_RETRY_DELAY = timedelta(seconds=30)
RETRY_DELAY_MAX = timedelta(hours=4)
JITTER = 0.25  # of a wait, either way: letters that failed together do not come back together

UNFINISHED = "unfinished"  # its senders ended before they could say what became of it

MARK_RETRY_DELAYS = (0.5, 2, 8)  # seconds, when the database does not take a mark


def retry_delay(attempts: int) -> timedelta:
    """How long to leave a letter after so many attempts: it doubles, up to a limit, and spreads."""
    doubled: timedelta = FIRST_RETRY_DELAY * 2 ** min(attempts - 1, 30)
    return min(doubled, RETRY_DELAY_MAX) * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  not a secret


class MailRound:
    """Sends what is due until nothing is, the server is away, or `stop` is set."""

    def __init__(self, transport: Transport, stop: Event | None = None) -> None:
        self._transport = transport
        self._stop = stop or Event()
        self._closed = False

    def run(self) -> int:
        """How many letters were sent. Raises what the database raises when it is away."""
        sent = 0
        while not self._is_over and (batch := outbox.claim(BATCH, LEASE)):
            for letter in batch:
                if self._is_over or letter.leased_until - clock.now() < SENDING_TIME_MAX:
                    self._mark_with_retries(partial(outbox.release_lease, letter))
                else:
                    sent += self._deliver(letter)
        return sent

    @property
    def _is_over(self) -> bool:
        return self._closed or self._stop.is_set()

    def _deliver(self, letter: ClaimedLetter) -> bool:
        began = time.monotonic()
        try:
            if letter.attempts > ATTEMPTS_MAX:
                raise LetterRefused(UNFINISHED)
            self._transport.send(write_letter(letter))
        except LetterRefused as refused:
            self._closed = isinstance(refused, MailServerUnavailable)
            lasting = not isinstance(refused, LetterDeferred)
            outcome = self._postpone_or_give_up(letter, refused.problem, lasting=lasting)
        except LetterWithdrawn:
            self._mark_with_retries(partial(outbox.withdraw, letter))
            outcome = "withdrawn"
        except LetterPostponed as later:
            self._mark_with_retries(partial(outbox.postpone_letter, letter, later.until, ""))
            outcome = "put off"
        except WRITING_ERRORS as fault:
            # Its name alone: the message may quote a fact. It may be mended by the next version.
            problem = type(fault).__name__
            log.error("letter not written", kind=letter.kind, fault=problem)
            outcome = self._postpone_or_give_up(letter, f"not written: {problem}", lasting=False)
        else:
            self._mark_with_retries(partial(outbox.mark_sent, letter))
            outcome = "sent"
        log.info(
            "letter",
            letter_id=str(letter.id),
            kind=letter.kind,
            outcome=outcome,
            attempt=letter.attempts,
            ms=round((time.monotonic() - began) * 1000, 1),
        )
        return outcome == "sent"

    def _postpone_or_give_up(self, letter: ClaimedLetter, problem: str, *, lasting: bool) -> str:
        if lasting or letter.attempts >= ATTEMPTS_MAX:
            self._mark_with_retries(partial(outbox.give_up, letter, problem))
            return "given up"
        until: datetime = clock.now() + retry_delay(letter.attempts)
        self._mark_with_retries(partial(outbox.postpone_letter, letter, until, problem))
        return "put off"

    def _mark_with_retries(self, mark: Callable[[], None]) -> None:
        """Insist a little: a mark that is lost sends a letter twice once its lease has run out."""
        for wait in MARK_RETRY_DELAYS:
            try:
                mark()
            except DBAPIError as away:
                log.warning("letter not marked", fault=type(away).__name__)
                time.sleep(wait)
            else:
                return
        mark()
