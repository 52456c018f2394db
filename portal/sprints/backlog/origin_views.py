"""What other features say of an item on its own page: a line each, with a link.

Only items that came from elsewhere are asked about: what people typed in the backlog asks nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.sprints.backlog.models import Item


@dataclass(frozen=True)
class ItemOriginLinesSource(Contribution):
    """Lines about an item, from the feature that it came from."""

    list_lines: Callable[[Actor, Project, Item], Sequence[SectionLine]]


def list_origin_lines(actor: Actor, project: Project, item: Item) -> Sequence[SectionLine]:
    """All lines, in the order of the features."""
    if not item.origin:
        return []
    origins = list_contributions(ItemOriginLinesSource)
    return [line for origin in origins for line in origin.list_lines(actor, project, item)]
