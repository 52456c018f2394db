"""Progress of a project for its pages: the strip at their top, expected periods of open gates.

The periods are forecast by another feature.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from portal.oversight.gates import labels, queries
from portal.oversight.gates.state_rules import GateSnapshot, sum_progress
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project
from portal.project.projects.progress_labels import ProgressGate, ProjectProgress


def read_progress(project: Project) -> ProjectProgress:
    """Return the progress of a project from stored evaluations."""
    return build_progress(project, queries.read_stored_states(project))


def build_progress(project: Project, states: Sequence[GateSnapshot]) -> ProjectProgress:
    """Return the progress of a project from states that were read already."""
    figures = sum_progress(states)
    return ProjectProgress(
        cells=[
            ProgressGate(
                number=state.definition.number,
                label=labels.strip_cell_label(state),
                look=state.standing.value,
                url=url_for("gates.page", slug=project.slug, gate=state.definition.number),
            )
            for state in states
        ],
        declared=figures.percents["declared"],
        proved=figures.percents["proved"],
        accepted=figures.percents["accepted"],
        summary=labels.progress(figures, states),
    )


@dataclass(frozen=True)
class ExpectedGatePeriod:
    """A period in words with its expected day, the method of its forecast with its numbers, and the day
    that was planned."""

    period: str
    method: str
    expected_on: date
    due_on: date


@dataclass(frozen=True)
class ExpectedGatePeriodReader(Contribution):
    """The forecast of a project's open gates, by gate."""

    read: Callable[[Project, datetime | None], Mapping[int, ExpectedGatePeriod]]
    describe_waiver: Callable[[Project, int], str]


def read_expected_periods(
    project: Project, moment: datetime | None = None
) -> Mapping[int, ExpectedGatePeriod]:
    """By gate, now or as it was told at a moment; of a project that the caller may see."""
    (forecast,) = list_contributions(ExpectedGatePeriodReader)
    return forecast.read(project, moment)


def describe_waiver_effect(project: Project, gate: int) -> str:
    """By how much waiving a gate moves the last one, in a sentence; "" where it is not forecast."""
    (forecast,) = list_contributions(ExpectedGatePeriodReader)
    return forecast.describe_waiver(project, gate)
