"""The public cards of the demonstration, written and shown by the programme's lead."""

from collections.abc import Mapping
from functools import cache

from portal.cards import commands
from portal.cli.story import read_yaml
from portal.kernel.access import Actor
from portal.projects.queries import get_project


@cache
def read_cards() -> Mapping[str, Mapping[str, str]]:
    """By project, by field."""
    told: Mapping[str, Mapping[str, str]] = read_yaml("cards.yaml")["cards"]
    return told


def tell(slug: str, direction: Actor) -> None:
    """The card of a project that has one."""
    texts = read_cards().get(slug)
    if texts is not None:
        project = get_project(direction, slug)
        commands.write_card(direction, project, texts, 0)
        commands.show_card(direction, project)
