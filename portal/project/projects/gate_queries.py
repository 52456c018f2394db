"""The gates of a project, which the feature above contributes: for what refers to one by number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project

GateOption = tuple[int, str]  # number, title


@dataclass(frozen=True, eq=False)
class ProjectGatesReader(Contribution):
    """Returns the gates of a project in the order of its programme; and the numbers of those that a
    programme (by id) plans, for a support that begins on the first day, after the second; and the
    numbers of the accepted gates that a change of data sources makes stale; and those of the gates that
    ask for the purpose of each source."""

    list_gates: Callable[[Project], Sequence[GateOption]]
    list_late_gates: Callable[[UUID, date, date], Sequence[int]]
    list_held_by_sources: Callable[[Project], Sequence[int]]
    list_asking_purposes: Callable[[Project], Sequence[int]]


def list_gate_options(project: Project) -> Sequence[GateOption]:
    """Return the gates that the project's programme has now, with their titles."""
    return [
        option for gates in list_contributions(ProjectGatesReader) for option in gates.list_gates(project)
    ]


def list_gate_numbers_after_support_end(programme_id: UUID, starts_on: date, ends_on: date) -> Sequence[int]:
    """Return the numbers of the gates planned after the end of a support, in their order."""
    listings = list_contributions(ProjectGatesReader)
    return [
        number for gates in listings for number in gates.list_late_gates(programme_id, starts_on, ends_on)
    ]


def list_gate_numbers_stale_by_sources(project: Project) -> Sequence[int]:
    """Return the numbers of the accepted gates that a change of data sources makes stale, in order."""
    return [
        number
        for gates in list_contributions(ProjectGatesReader)
        for number in gates.list_held_by_sources(project)
    ]


def list_gate_numbers_asking_purposes(project: Project) -> Sequence[int]:
    """Return the numbers of the gates that ask for the purpose of each data source, in order."""
    return [
        number
        for gates in list_contributions(ProjectGatesReader)
        for number in gates.list_asking_purposes(project)
    ]


def list_gate_form_choices(project: Project, current: int | None, none: str) -> Sequence[tuple[str, str]]:
    """Return them as choices of a form after `none`; a current one that the programme left out since
    stays."""
    options = list(list_gate_options(project))
    if current is not None and current not in dict(options):
        options.append((current, f"G{current}"))
    return [("", none), *((str(number), title) for number, title in options)]
