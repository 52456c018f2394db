"""What the floors above say of an item on its own page: a line each, with the way there.

The roof hands in who tells them, as it does for a project and a sprint. Only what came from
somewhere is told of: what people typed in the backlog asks nobody.
"""

from collections.abc import Callable, Sequence

from flask import current_app

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.sprints.backlog.models import Item

OriginLineProvider = Callable[[Actor, Project, Item], Sequence[SectionLine]]


def list_origin_lines(actor: Actor, project: Project, item: Item) -> Sequence[SectionLine]:
    """All lines, in the order of the tellers."""
    if not item.origin:
        return []
    tellers: Sequence[OriginLineProvider] = current_app.extensions["item_chapters"]
    return [line for teller in tellers for line in teller(actor, project, item)]
