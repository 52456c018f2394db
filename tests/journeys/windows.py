"""In which windows a journey is made: how wide, and whether scripts run."""

from dataclasses import dataclass

import pytest

BOTH = [(1280, False), (320, True)]  # each width, and with and without scripts
EVERY = [(1280, True), (1280, False), (320, True), (320, False)]


@dataclass(frozen=True)
class Kind:
    """Of a window: whether scripts run, and whether axe looks at each of its pages.

    Where it looks at some, it is brought to those: every page would be half as slow again.
    """

    script: bool = True
    looked_at: bool = False


def name(window: tuple[int, bool]) -> str:
    width, script = window
    return f"{width} px, {'with' if script else 'without'} script"


# For the journeys that the portal is for; the others are made in both.
in_every_window = pytest.mark.parametrize("window", EVERY, ids=name, indirect=True)
