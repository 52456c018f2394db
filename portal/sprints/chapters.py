"""What a sprint's own page says beside its plan and its log: what its close found, and a line for
each thing that the floors above have to say, with the way there.

The roof hands in who tells them, as it does for a project.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from portal.kernel.access import Actor
from portal.projects.chapters import Line
from portal.projects.matters import Matter
from portal.projects.models import Project
from portal.sprints.models import Sprint, SprintState
from portal.sprints.queries import FROZEN, Frozen, read_figures

Tell = Callable[[Actor, Project, Sprint, Sequence[Any]], Sequence[Line]]
BoardTeller = Callable[[Actor, Project, Sprint], Sequence[Matter]]


@dataclass(frozen=True)
class Chapter:
    """What one floor says of a sprint that has begun. `tell` is given the values of its own
    `figures`, in their order: each a scalar subquery about the sprint that is bound as `sprint`."""

    tell: Tell
    figures: Sequence[Any] = ()


@dataclass(frozen=True)
class Told:
    """`frozen`: what the close found in the sprint."""

    frozen: Sequence[Frozen] = ()
    lines: Sequence[Line] = ()


class Contents:
    """All chapters, in their order; their figures and the sprint's own are one statement."""

    def __init__(self, *chapters: Chapter) -> None:
        self._chapters = chapters
        self._figures = (FROZEN, *(figure for each in chapters for figure in each.figures))

    def tell(self, actor: Actor, project: Project, sprint: Sprint) -> Told:
        """Of a sprint that the caller was already allowed to see."""
        if sprint.state is SprintState.PLANNED:
            return Told()
        values = iter(read_figures(sprint, self._figures))
        frozen = next(values)
        own = [(each, [next(values) for _figure in each.figures]) for each in self._chapters]
        return Told(
            frozen,
            [line for each, found in own for line in each.tell(actor, project, sprint, found)],
        )


def tell(actor: Actor, project: Project, sprint: Sprint) -> Told:
    """All of it; nothing before the sprint has begun."""
    contents: Contents = current_app.extensions["sprint_chapters"]
    return contents.tell(actor, project, sprint)


def tell_of_board(actor: Actor, project: Project, sprint: Sprint) -> Sequence[Matter]:
    """What is not in the sprint in progress, and its team should know of while it works."""
    tellers: Sequence[BoardTeller] = current_app.extensions["board_matters"]
    return [matter for teller in tellers for matter in teller(actor, project, sprint)]
