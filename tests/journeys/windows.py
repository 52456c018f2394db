"""In which windows a journey is made: how wide, and whether scripts run."""

import pytest

BOTH = [(1280, False), (320, True)]  # each width, and with and without scripts
EVERY = [(1280, True), (1280, False), (320, True), (320, False)]


def name(window: tuple[int, bool]) -> str:
    width, script = window
    return f"{width} px, {'with' if script else 'without'} script"


# For the journeys that the portal is for; the others are made in both.
in_every_window = pytest.mark.parametrize("window", EVERY, ids=name, indirect=True)
