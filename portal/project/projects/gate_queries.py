"""The gates of a project, which the feature above contributes: for what refers to one by number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.contributions import Contribution, contributed
from portal.project.projects.models import Project

GateOption = tuple[int, str]  # number, title


@dataclass(frozen=True, eq=False)
class GateListing(Contribution):
    """Returns the gates of a project in the order of its programme."""

    list_gates: Callable[[Project], Sequence[GateOption]]


def list_gate_options(project: Project) -> Sequence[GateOption]:
    """Return the gates that the project's programme has now, with their titles."""
    return [option for gates in contributed(GateListing) for option in gates.list_gates(project)]


def list_gate_choices(project: Project, current: int | None, none: str) -> Sequence[tuple[str, str]]:
    """Return them as choices of a form after `none`; a current one that the programme left out since
    stays."""
    options = list(list_gate_options(project))
    if current is not None and current not in dict(options):
        options.append((current, f"G{current}"))
    return [("", none), *((str(number), title) for number, title in options)]
