"""Whether anybody is to try a version, which the feature above knows."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project


@dataclass(frozen=True, eq=False)
class VersionTrialReader(Contribution):
    """Tells whether a test is planned or held on a version of a project, by number, or on a later one."""

    is_tried: Callable[[Project, int], bool]


def is_untried(project: Project, number: int) -> bool:
    """Tell whether no test is on this version nor on a later one: the next act is to have it tried."""
    return not any(trials.is_tried(project, number) for trials in list_contributions(VersionTrialReader))
