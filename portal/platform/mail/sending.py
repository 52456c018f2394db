"""One round of sending: claim, render, send and mark each mail that is due.

Rounds may run concurrently in threads and on machines, because of the lease. Nothing is sent inside
a transaction.
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
    build_letter_message,
)
from portal.platform.mail.transport import LetterDeferred, LetterRefused, MailServerUnavailable, Transport

log = structlog.get_logger("portal")

BATCH = 5  # mails leased at once
LEASE = timedelta(minutes=5)
# An SMTP session has about ten exchanges, each with the transport's timeout.
SENDING_TIME_MAX = timedelta(minutes=2)

ATTEMPTS_MAX = 12  # about half a day with the delays below
FIRST_RETRY_DELAY = timedelta(seconds=30)
RETRY_DELAY_MAX = timedelta(hours=4)
JITTER = 0.25  # fraction of the delay: mails that failed together are not retried together

UNFINISHED = "unfinished"  # the problem of a mail whose senders died

MARK_RETRY_DELAYS = (0.5, 2, 8)  # seconds, when the database is away


def retry_delay(attempts: int) -> timedelta:
    """Exponential backoff with jitter: the delay after a number of attempts."""
    doubled: timedelta = FIRST_RETRY_DELAY * 2 ** min(attempts - 1, 30)
    return min(doubled, RETRY_DELAY_MAX) * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  not a secret


class MailRound:
    """Sends due mails until none is left, the server is unavailable, or `stop` is set."""

    def __init__(self, transport: Transport, stop: Event | None = None) -> None:
        self._transport = transport
        self._stop = stop or Event()
        self._closed = False

    def run(self) -> int:
        """Run the round; returns the number of mails sent. Raises `DBAPIError`."""
        sent_count = 0
        while not self._is_over and (batch := outbox.claim_due_letters(BATCH, LEASE)):
            for letter in batch:
                if self._is_over or letter.leased_until - clock.now() < SENDING_TIME_MAX:
                    self._mark_with_retries(partial(outbox.release_lease, letter))
                else:
                    sent_count += self._deliver_letter(letter)
        return sent_count

    @property
    def _is_over(self) -> bool:
        return self._closed or self._stop.is_set()

    def _deliver_letter(self, letter: ClaimedLetter) -> bool:
        began = time.monotonic()
        try:
            if letter.attempts > ATTEMPTS_MAX:
                raise LetterRefused(UNFINISHED)
            self._transport.send(build_letter_message(letter))
        except LetterRefused as refused:
            self._closed = isinstance(refused, MailServerUnavailable)
            is_permanent = not isinstance(refused, LetterDeferred)
            outcome = self._postpone_or_give_up(letter, refused.problem, is_permanent=is_permanent)
        except LetterWithdrawn:
            self._mark_with_retries(partial(outbox.withdraw_letter, letter))
            outcome = "withdrawn"
        except LetterPostponed as later:
            self._mark_with_retries(partial(outbox.postpone_letter, letter, later.until, ""))
            outcome = "put off"
        except WRITING_ERRORS as fault:
            # Only the class name: the message may quote a fact. A later version may fix it.
            problem = type(fault).__name__
            log.error("letter not written", kind=letter.kind, fault=problem)
            outcome = self._postpone_or_give_up(letter, f"not written: {problem}", is_permanent=False)
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

    def _postpone_or_give_up(self, letter: ClaimedLetter, problem: str, *, is_permanent: bool) -> str:
        if is_permanent or letter.attempts >= ATTEMPTS_MAX:
            self._mark_with_retries(partial(outbox.give_up_letter, letter, problem))
            return "given up"
        until: datetime = clock.now() + retry_delay(letter.attempts)
        self._mark_with_retries(partial(outbox.postpone_letter, letter, until, problem))
        return "put off"

    def _mark_with_retries(self, mark: Callable[[], None]) -> None:
        """Retry marking a mail: a lost mark sends it twice when its lease expires."""
        for wait in MARK_RETRY_DELAYS:
            try:
                mark()
            except DBAPIError as away:
                log.warning("letter not marked", fault=type(away).__name__)
                time.sleep(wait)
            else:
                return
        mark()
