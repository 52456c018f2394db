"""Sections of a sprint's page and of the board, contributed by features of this and upper wings.

A `SprintPageSection` gives lines with a link; the application registers the sections, as it does
for a project's page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, contributed
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup, PriorityLine
from portal.project.projects.section_queries import SectionLine
from portal.sprints.sprints.models import Sprint, SprintState
from portal.sprints.sprints.queries import FROZEN_ITEMS, FrozenItem, read_sprint_figures
from portal.sprints.sprints.section_queries import ClosingSummary, ClosingTopic, SprintPageSection


@dataclass(frozen=True)
class SprintPageContent:
    """`frozen`: the items in the snapshot of the close; `lines`: those of all sections."""

    frozen: Sequence[FrozenItem] = ()
    lines: Sequence[SectionLine] = ()


@dataclass(frozen=True, kw_only=True)
class SprintCandidate(PriorityLine):
    """A line about what the sprint leaves out; a POST to `take_url` puts it into the sprint."""

    take_url: str = ""


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


def read_closing_summaries(project: Project) -> dict[ClosingTopic, str]:
    """What other features know about the parts of a close."""
    empty = dict.fromkeys(ClosingTopic, "")
    return empty | {each.topic: each.describe(project) for each in contributed(ClosingSummary)}


def list_board_matters(actor: Actor, project: Project, sprint: Sprint) -> Sequence[PriorityGroup]:
    """All headings, in the order of the features."""
    contributions = contributed(BoardPriorities)
    return [group for each in contributions for group in each.list_groups(actor, project, sprint)]
