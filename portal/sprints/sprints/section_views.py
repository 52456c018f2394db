"""Sections of a sprint's page and of the board, contributed by features of this and upper wings.

A `SprintPageSection` gives lines with a link; the application registers the sections, as it does
for a project's page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup
from portal.project.projects.section_queries import SectionLine
from portal.sprints.sprints.models import Sprint, SprintState
from portal.sprints.sprints.queries import FROZEN_ITEMS, FrozenItem, read_sprint_figures
from portal.sprints.sprints.section_queries import SprintPageSection

BoardMatterProvider = Callable[[Actor, Project, Sprint], Sequence[PriorityGroup]]


@dataclass(frozen=True)
class SprintPageContent:
    """`frozen`: the items in the snapshot of the close; `lines`: those of all sections."""

    frozen: Sequence[FrozenItem] = ()
    lines: Sequence[SectionLine] = ()


class SprintPageSections:
    """All sections, in their order; one statement reads their figures and the frozen items."""

    def __init__(self, *sections: SprintPageSection) -> None:
        self._sections = sections
        self._figures = (
            FROZEN_ITEMS,
            *(figure for section in sections for figure in section.figures),
        )

    def build(self, actor: Actor, project: Project, sprint: Sprint) -> SprintPageContent:
        """The content for a sprint that the caller may see; empty before its start."""
        if sprint.state is SprintState.PLANNED:
            return SprintPageContent()
        values = iter(read_sprint_figures(sprint, self._figures))
        frozen = next(values)
        lines: list[SectionLine] = []
        for section in self._sections:
            figures = [next(values) for _figure in section.figures]
            lines += section.list_lines(actor, project, sprint, figures)
        return SprintPageContent(frozen, lines)


def get_sprint_page_content(actor: Actor, project: Project, sprint: Sprint) -> SprintPageContent:
    """The content of all registered sections."""
    contents: SprintPageSections = current_app.extensions["sprint_chapters"]
    return contents.build(actor, project, sprint)


def list_board_matters(actor: Actor, project: Project, sprint: Sprint) -> Sequence[PriorityGroup]:
    """What the team should know beside the items of the sprint in progress."""
    providers: Sequence[BoardMatterProvider] = current_app.extensions["board_matters"]
    return [matter for provider in providers for matter in provider(actor, project, sprint)]
