"""What the next gate of a project asks of its questionnaires, told by the feature that knows gates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project


@dataclass(frozen=True)
class UnmetGateNeeds:
    """The kinds of readiness sheets and of reviews that the next gate still lacks.

    `gate` is its title and `url` its page; "" once no gate is ahead.
    """

    gate: str = ""
    url: str = ""
    sheets: Sequence[str] = ()
    reviews: Sequence[str] = ()


@dataclass(frozen=True)
class NextGateNeedsReader(Contribution):
    """Who knows what the next gate of a project asks."""

    read: Callable[[Project], UnmetGateNeeds]


def read_next_gate_needs(project: Project) -> UnmetGateNeeds:
    """Return what the next gate asks of a project that the caller may see."""
    (needs,) = list_contributions(NextGateNeedsReader)
    return needs.read(project)
