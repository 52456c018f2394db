"""Whether anybody is to try a version, and what an evaluation still lacks, which features above know."""

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


@dataclass(frozen=True, eq=False)
class EvaluationLackReader(Contribution):
    """Tells, in a sentence, what a project's evaluation still lacks to prove what it is asked; "" if
    nothing."""

    describe: Callable[[Project], str]


def describe_evaluation_lacks(project: Project) -> str:
    """Tell what the evaluation of a project that the caller may see still lacks; "" if nothing."""
    return " ".join(
        filter(None, (reader.describe(project) for reader in list_contributions(EvaluationLackReader)))
    )
