"""What takes turns: where the same can be tried in several ways, a run takes one of them.

Which one depends on the code: the same code is tried in the same way, and a change in others.
THOROUGH=1 takes all of them: `make test-thorough`.
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
    """The same for the same code and pages."""
    sources = sorted([*ROOT.glob("portal/**/*.py"), *ROOT.glob("templates/**/*.html")])
    return crc32(b"".join(path.read_bytes() for path in sources))


def turn_of(name: str, ways: Sequence[Way]) -> Way:
    """The way in which what is called so is tried this time."""
    return ways[(crc32(name.encode()) + seed_of_code()) % len(ways)]
