"""The public cards of the demonstration, written and shown by the programme's lead."""

from portal.cards import commands
from portal.demo.teller import Telling
from portal.kernel.access import Actor
from portal.projects.queries import get_project


def tell(slug: str, given: Telling, direction: Actor) -> None:
    """The card of a project that has one."""
    if texts := given.get("cards"):
        project = get_project(direction, slug)
        commands.write_card(direction, project, texts, 0)
        commands.show_card(direction, project)
