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

from portal.delivery.letters import FAULTS, Later, Withdrawn, write
from portal.delivery.transport import Closed, Deferred, Refused, Transport
from portal.kernel import clock, outbox
from portal.kernel.outbox import Claimed

log = structlog.get_logger("portal")

BATCH = 5  # letters under one lease
LEASE = timedelta(minutes=5)
# A letter's ten or so exchanges may each take as long as the transport waits for an answer.
LONGEST = timedelta(minutes=2)

ATTEMPTS_MAX = 12  # with the waits below, about half a day
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=4)
JITTER = 0.25  # of a wait, either way: letters that failed together do not come back together

UNFINISHED = "unfinished"  # its senders ended before they could say what became of it

MARK_WAITS = (0.5, 2, 8)  # seconds, when the database does not take a mark


def wait_after(attempts: int) -> timedelta:
    """How long to leave a letter after so many attempts: it doubles, up to a limit, and spreads."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 30)
    return min(doubled, LONGEST_WAIT) * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  not a secret


class Round:
    """Sends what is due until nothing is, the server is away, or `stop` is set."""

    def __init__(self, transport: Transport, stop: Event | None = None) -> None:
        self._transport = transport
        self._stop = stop or Event()
        self._closed = False

    def run(self) -> int:
        """How many letters were sent. Raises what the database raises when it is away."""
        sent = 0
        while not self._over and (batch := outbox.claim(BATCH, LEASE)):
            for letter in batch:
                if self._over or letter.leased_until - clock.now() < LONGEST:
                    self._mark(partial(outbox.hand_back, letter))
                else:
                    sent += self._deliver(letter)
        return sent

    @property
    def _over(self) -> bool:
        return self._closed or self._stop.is_set()

    def _deliver(self, letter: Claimed) -> bool:
        began = time.monotonic()
        try:
            if letter.attempts > ATTEMPTS_MAX:
                raise Refused(UNFINISHED)
            self._transport.send(write(letter))
        except Refused as refused:
            self._closed = isinstance(refused, Closed)
            lasting = not isinstance(refused, Deferred)
            outcome = self._set_aside(letter, refused.problem, lasting=lasting)
        except Withdrawn:
            self._mark(partial(outbox.withdraw, letter))
            outcome = "withdrawn"
        except Later as later:
            self._mark(partial(outbox.put_off, letter, later.until, ""))
            outcome = "put off"
        except FAULTS as fault:
            # Its name alone: the message may quote a fact. It may be mended by the next version.
            problem = type(fault).__name__
            log.error("letter not written", kind=letter.kind, fault=problem)
            outcome = self._set_aside(letter, f"not written: {problem}", lasting=False)
        else:
            self._mark(partial(outbox.mark_sent, letter))
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

    def _set_aside(self, letter: Claimed, problem: str, *, lasting: bool) -> str:
        if lasting or letter.attempts >= ATTEMPTS_MAX:
            self._mark(partial(outbox.give_up, letter, problem))
            return "given up"
        until: datetime = clock.now() + wait_after(letter.attempts)
        self._mark(partial(outbox.put_off, letter, until, problem))
        return "put off"

    def _mark(self, mark: Callable[[], None]) -> None:
        """Insist a little: a mark that is lost sends a letter twice once its lease has run out."""
        for wait in MARK_WAITS:
            try:
                mark()
            except DBAPIError as away:
                log.warning("letter not marked", fault=type(away).__name__)
                time.sleep(wait)
            else:
                return
        mark()
