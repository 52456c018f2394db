"""Rotation: where a test can run in several ways, a run takes one of them.

The choice depends on a hash of the code, so that a rerun is identical and a change rotates.
THOROUGH=1 runs all of them (`make test-thorough`).
"""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar
from zlib import crc32

ROOT = Path(__file__).resolve().parents[2]
THOROUGH = bool(os.environ.get("THOROUGH"))

Way = TypeVar("Way")


@cache
def seed_of_code() -> int:
    """Return a hash of the code and templates."""
    sources = sorted([*ROOT.glob("portal/**/*.py"), *ROOT.glob("templates/**/*.html")])
    return crc32(b"".join(path.read_bytes() for path in sources))


def share_of(name: str, ways: Sequence[Way], parts: int) -> Sequence[Way]:
    """Return the part of the ways that the test of this name tries; THOROUGH: all of them."""
    return ways if THOROUGH else ways[turn_of(name, range(parts)) :: parts]


def turn_of(name: str, ways: Sequence[Way]) -> Way:
    """Return the way in which the test of this name runs."""
    return ways[(crc32(name.encode()) + seed_of_code()) % len(ways)]
