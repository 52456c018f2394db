"""What a sprint's own page says beside its plan and its log: what its close found, and a line for
each thing that the floors above have to say, with the way there.

The roof hands in who tells them, as it does for a project.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, contributed
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup
from portal.project.projects.section_queries import SectionLine
from portal.sprints.sprints.models import Sprint, SprintState
from portal.sprints.sprints.queries import FROZEN_ITEMS, FrozenItem, read_sprint_figures

SprintLineProvider = Callable[[Actor, Project, Sprint, Sequence[Any]], Sequence[SectionLine]]


@dataclass(frozen=True)
class SprintPageSection(Contribution):
    """What one floor says of a sprint that has begun. `list_lines` is given the values of its own
    `figures`, in their order: each a scalar subquery about the sprint that is bound as `sprint`."""

    list_lines: SprintLineProvider
    figures: Sequence[Any] = ()


@dataclass(frozen=True)
class SprintPageContent:
    """`frozen`: what the close found in the sprint."""

    frozen: Sequence[FrozenItem] = ()
    lines: Sequence[SectionLine] = ()


@dataclass(frozen=True)
class BoardPriorities(Contribution):
    """What is not in the sprint in progress, and its team should know of while it works."""

    list_groups: Callable[[Actor, Project, Sprint], Sequence[PriorityGroup]]


def get_sprint_page_content(actor: Actor, project: Project, sprint: Sprint) -> SprintPageContent:
    """All of it, of a sprint that the caller was already allowed to see; nothing before the sprint
    has begun. The figures of all sections and the sprint's own are read in one statement."""
    if sprint.state is SprintState.PLANNED:
        return SprintPageContent()
    sections = contributed(SprintPageSection)
    statements = (FROZEN_ITEMS, *(figure for each in sections for figure in each.figures))
    values = iter(read_sprint_figures(sprint, statements))
    frozen = next(values)
    own = [(each, [next(values) for _figure in each.figures]) for each in sections]
    lines = [line for each, n in own for line in each.list_lines(actor, project, sprint, n)]
    return SprintPageContent(frozen, lines)


def list_board_matters(actor: Actor, project: Project, sprint: Sprint) -> Sequence[PriorityGroup]:
    """All headings, in the order of the features."""
    contributions = contributed(BoardPriorities)
    return [group for each in contributions for group in each.list_groups(actor, project, sprint)]
