"""Expected periods of open gates, as their pages show them. The application registers the reader
(`health` forecasts), because gates may not import health."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from portal.project.projects.models import Project


@dataclass(frozen=True)
class ExpectedPeriod:
    """A period in words, and the method of its forecast with its numbers."""

    period: str
    method: str


PeriodReader = Callable[[Project, datetime | None], Mapping[int, ExpectedPeriod]]


def read_expected_periods(
    project: Project, moment: datetime | None = None
) -> Mapping[int, ExpectedPeriod]:
    """Return the expected period of each open gate by number, as forecast at a moment (now). The
    caller was allowed to see the project."""
    read_periods: PeriodReader = current_app.extensions["expected"]
    return read_periods(project, moment)
