"""What a sprint's own page says beside its plan and its log: what its close found, and a line for
each thing that the floors above have to say, with the way there.

The roof hands in who tells them, as it does for a project.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup
from portal.project.projects.section_queries import SectionLine
from portal.sprints.sprints.models import Sprint, SprintState
from portal.sprints.sprints.queries import FROZEN_ITEMS, FrozenItem, read_sprint_figures

SprintLineProvider = Callable[[Actor, Project, Sprint, Sequence[Any]], Sequence[SectionLine]]
BoardMatterProvider = Callable[[Actor, Project, Sprint], Sequence[PriorityGroup]]


@dataclass(frozen=True)
class SprintPageSection:
    """What one floor says of a sprint that has begun. `list_lines` is given the values of its own
    `figures`, in their order: each a scalar subquery about the sprint that is bound as `sprint`."""

    list_lines: SprintLineProvider
    figures: Sequence[Any] = ()


@dataclass(frozen=True)
class SprintPageContent:
    """`frozen`: what the close found in the sprint."""

    frozen: Sequence[FrozenItem] = ()
    lines: Sequence[SectionLine] = ()


class SprintPageSections:
    """All chapters, in their order; their figures and the sprint's own are one statement."""

    def __init__(self, *chapters: SprintPageSection) -> None:
        self._chapters = chapters
        self._figures = (FROZEN_ITEMS, *(figure for each in chapters for figure in each.figures))

    def build(self, actor: Actor, project: Project, sprint: Sprint) -> SprintPageContent:
        """Of a sprint that the caller was already allowed to see."""
        if sprint.state is SprintState.PLANNED:
            return SprintPageContent()
        values = iter(read_sprint_figures(sprint, self._figures))
        frozen = next(values)
        own = [(each, [next(values) for _figure in each.figures]) for each in self._chapters]
        return SprintPageContent(
            frozen,
            [
                line
                for each, figures in own
                for line in each.list_lines(actor, project, sprint, figures)
            ],
        )


def get_sprint_page_content(actor: Actor, project: Project, sprint: Sprint) -> SprintPageContent:
    """All of it; nothing before the sprint has begun."""
    contents: SprintPageSections = current_app.extensions["sprint_chapters"]
    return contents.build(actor, project, sprint)


def list_board_matters(actor: Actor, project: Project, sprint: Sprint) -> Sequence[PriorityGroup]:
    """What is not in the sprint in progress, and its team should know of while it works."""
    tellers: Sequence[BoardMatterProvider] = current_app.extensions["board_matters"]
    return [matter for teller in tellers for matter in teller(actor, project, sprint)]
