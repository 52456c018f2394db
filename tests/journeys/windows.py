"""Windows of browser tests: widths, and with or without scripts."""

from dataclasses import dataclass

import pytest

BOTH = [(1280, False), (320, True)]  # each width, and with and without scripts
EVERY = [(1280, True), (1280, False), (320, True), (320, False)]


@dataclass(frozen=True)
class Kind:
    """Kind of a window: whether scripts run, and whether axe checks each of its pages.

    Otherwise the test calls axe itself: checking every page would take half as long again.
    """

    script: bool = True
    looked_at: bool = False


def name(window: tuple[int, bool]) -> str:
    width, script = window
    return f"{width} px, {'with' if script else 'without'} script"


# For the main tests; the others run in `BOTH`.
in_every_window = pytest.mark.parametrize("window", EVERY, ids=name, indirect=True)
