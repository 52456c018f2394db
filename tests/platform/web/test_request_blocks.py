"""Requests counted by blocks: processes together never allow more than the rate."""

from datetime import timedelta

import pytest
from flask import Flask
from limits import parse

from portal.platform.kernel import clock
from portal.platform.kernel.attempt_counts import AttemptCount, AttemptCounter
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RateLimited
from portal.platform.web import request_blocks
from portal.platform.web.request_blocks import RequestCountBlocks

RATE = parse("60 per minute")


def allowed(blocks: RequestCountBlocks, tries: int) -> int:
    """Return how many of these requests are allowed."""
    count = 0
    for _ in range(tries):
        try:
            blocks.count("key", RATE)
        except RateLimited:
            continue
        count += 1
    return count


@pytest.fixture
def counter(app: Flask) -> AttemptCounter:
    return AttemptCounter("secret")


def test_one_process_allows_the_whole_rate_and_no_more(counter: AttemptCounter):
    blocks = RequestCountBlocks(counter)
    assert blocks.count("key", RATE).remaining == 59
    assert allowed(blocks, 100) == 59


def test_several_processes_share_it(counter: AttemptCounter):
    processes = [RequestCountBlocks(counter) for _ in range(3)]
    count = sum(allowed(blocks, 1) for _ in range(100) for blocks in processes)
    assert 60 - 3 < count <= 60


def test_a_window_ends_for_every_process(counter: AttemptCounter):
    blocks = RequestCountBlocks(counter)
    assert allowed(blocks, 61) == 60
    over = clock.now() - timedelta(seconds=1)
    db.session.query(AttemptCount).update({"ends_at": over})
    db.session.commit()
    assert allowed(RequestCountBlocks(counter), 1) == 1


def test_memory_is_bounded(counter: AttemptCounter, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(request_blocks, "BLOCKS_MAX", 3)
    blocks = RequestCountBlocks(counter)
    for n in range(9):
        blocks.count(f"key {n}", RATE)
    assert len(blocks._blocks) <= 3
