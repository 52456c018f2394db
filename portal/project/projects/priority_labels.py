"""What matters now in a project: a few headings, a few lines under each, each with a link.

The headings come from the feature that knows all others (`ProjectPriorities`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, contributed
from portal.project.projects.models import Project


@dataclass(frozen=True, kw_only=True)
class PriorityLine:
    """A line of text that links to where one acts on it, followed by a small `note`.

    `badge` is a state in one or two words before it, styled as `kind` (success, warning, error,
    info).
    """

    text: str
    url: str
    note: str = ""
    badge: str = ""
    kind: str | None = None


@dataclass(frozen=True, kw_only=True)
class PriorityGroup:
    """A heading and its lines; without lines, the sentence `nothing` and the link `start`."""

    title: str
    points: Sequence[PriorityLine] = ()
    nothing: str = ""
    start: PriorityLine | None = None


@dataclass(frozen=True)
class ProjectPriorities(Contribution):
    """The headings of a project, the most pressing first."""

    list_groups: Callable[[Actor, Project], Sequence[PriorityGroup]]


def list_priorities(actor: Actor, project: Project) -> Sequence[PriorityGroup]:
    """The most pressing heading first."""
    (priorities,) = contributed(ProjectPriorities)
    return priorities.list_groups(actor, project)
