"""When the open gates of a project are expected, on its pages.

The roof hands in who tells it, as it hands in the chapters: this floor forecasts nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from portal.project.projects.models import Project


@dataclass(frozen=True)
class ExpectedPeriod:
    """From when to when, in words; how that was found, with its numbers."""

    period: str
    method: str


PeriodReader = Callable[[Project, datetime | None], Mapping[int, ExpectedPeriod]]


def read_expected_periods(
    project: Project, moment: datetime | None = None
) -> Mapping[int, ExpectedPeriod]:
    """By gate, now or as it was told at a moment; of a project that the caller may see."""
    teller: PeriodReader = current_app.extensions["expected"]
    return teller(project, moment)
