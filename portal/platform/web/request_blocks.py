"""Counts requests of machines by blocks, so that most of them write nothing.

A process takes a block of a window's requests with one upsert, and gives it out from memory. What
it took and did not give out counts as used: a client may be refused that many requests early.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from limits import RateLimitItem

from portal.platform.kernel import clock
from portal.platform.kernel.attempt_counts import AttemptCounter
from portal.platform.kernel.errors import RateLimited

SHARE = 30  # a block is so small a part of what a window allows
BLOCKS_MAX = 10_000  # kept in memory; those of ended windows go first


@dataclass(frozen=True)
class RequestWindow:
    """How many requests of a key a window of time allows, how many remain, and when it ends."""

    most: int
    seconds: int
    remaining: int
    ends_in: int  # seconds


@dataclass
class _RequestCountBlock:
    claimed: int  # of the window, by all processes, when this block was claimed
    left: int  # of this block
    ends_at: datetime


@dataclass
class RequestCountBlocks:
    """The blocks of one process, a service of the application."""

    counter: AttemptCounter
    _blocks: dict[str, _RequestCountBlock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def count(self, key: str, rate: RateLimitItem) -> RequestWindow:
        """Count a request, in a transaction of its own if at all. Raises `RateLimited`."""
        with self._lock:
            block = self._blocks.get(key)
            if block is None or not block.left or block.ends_at <= clock.now():
                block = self._claim_block(key, rate)
            is_over = block.claimed - block.left >= rate.amount
            block.left -= 1
            used = block.claimed - block.left
        ends_in = max(1, math.ceil((block.ends_at - clock.now()).total_seconds()))
        if is_over:
            raise RateLimited(ends_in, rate.amount, rate.get_expiry())
        return RequestWindow(rate.amount, rate.get_expiry(), max(0, rate.amount - used), ends_in)

    def _claim_block(self, key: str, rate: RateLimitItem) -> _RequestCountBlock:
        size = max(1, rate.amount // SHARE)
        claimed, ends_at = self.counter.count(key, rate.get_expiry(), size)
        if len(self._blocks) >= BLOCKS_MAX:
            self._forget_ended()
        block = self._blocks[key] = _RequestCountBlock(claimed, size, ends_at)
        return block

    def _forget_ended(self) -> None:
        now = clock.now()
        open_blocks = {key: block for key, block in self._blocks.items() if block.ends_at > now}
        self._blocks = open_blocks if len(open_blocks) < BLOCKS_MAX else {}
