"""What the floors above say of a sprint on its own page: a line each, with the way there.

The roof hands in who tells them, as it does for a project.
"""

from collections.abc import Callable, Sequence

from flask import current_app

from portal.kernel.access import Actor
from portal.projects.chapters import Line
from portal.projects.matters import Matter
from portal.projects.models import Project
from portal.sprints.models import Sprint

Teller = Callable[[Actor, Project, Sprint], Sequence[Line]]
BoardTeller = Callable[[Actor, Project, Sprint], Sequence[Matter]]


def tell(actor: Actor, project: Project, sprint: Sprint) -> Sequence[Line]:
    """All lines, in the order of the tellers."""
    tellers: Sequence[Teller] = current_app.extensions["sprint_chapters"]
    return [line for teller in tellers for line in teller(actor, project, sprint)]


def tell_of_board(actor: Actor, project: Project, sprint: Sprint) -> Sequence[Matter]:
    """What is not in the sprint in progress, and its team should know of while it works."""
    tellers: Sequence[BoardTeller] = current_app.extensions["board_matters"]
    return [matter for teller in tellers for matter in teller(actor, project, sprint)]
