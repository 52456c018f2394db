"""Lines about the source of an item on its page, contributed by features of upper wings.

The application registers the providers. They are called only for items with an `origin`.
"""

from collections.abc import Callable, Sequence

from flask import current_app

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.sprints.backlog.models import Item

OriginLineProvider = Callable[[Actor, Project, Item], Sequence[SectionLine]]


def list_origin_lines(actor: Actor, project: Project, item: Item) -> Sequence[SectionLine]:
    """All lines, in the order of the providers."""
    if not item.origin:
        return []
    providers: Sequence[OriginLineProvider] = current_app.extensions["item_chapters"]
    return [line for provider in providers for line in provider(actor, project, item)]
