"""When the open gates of a project are expected, on its pages; forecast by another feature."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.platform.kernel.contributions import Contribution, contributed
from portal.project.projects.models import Project


@dataclass(frozen=True)
class ExpectedPeriod:
    """A period in words, and the method of its forecast with its numbers."""

    period: str
    method: str


@dataclass(frozen=True)
class ExpectedPeriods(Contribution):
    """The forecast of a project's open gates, by gate."""

    read: Callable[[Project, datetime | None], Mapping[int, ExpectedPeriod]]
    describe_waiver: Callable[[Project, int], str]


def read_expected_periods(
    project: Project, moment: datetime | None = None
) -> Mapping[int, ExpectedPeriod]:
    """By gate, now or as it was told at a moment; of a project that the caller may see."""
    (forecast,) = contributed(ExpectedPeriods)
    return forecast.read(project, moment)


def describe_waiver(project: Project, gate: int) -> str:
    """By how much waiving a gate moves the last one, in a sentence; "" where it is not forecast."""
    (forecast,) = contributed(ExpectedPeriods)
    return forecast.describe_waiver(project, gate)
