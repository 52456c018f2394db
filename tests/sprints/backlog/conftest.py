"""A project with a team member, and shortcuts for commands."""

from collections.abc import Callable

import pytest

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project
from portal.sprints.backlog import commands
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item
from tests.support import factories as make


@pytest.fixture
def project(app) -> Project:
    return make.project(slug="heron")


@pytest.fixture
def person(project) -> Person:
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def member(person) -> Actor:
    return make.actor(person)


@pytest.fixture
def add(project, member) -> Callable[..., list[Item]]:
    """Adds items with these titles, to the backlog or an iteration."""

    def add_items(*titles: str, to: object = None, **given: object) -> list[Item]:
        texts = [ItemFacts(title=title, **given) for title in titles]
        return commands.add_items(member, project, texts, to)

    return add_items


def seen(item: Item) -> ItemAtVersion:
    """The item at its current version."""
    return ItemAtVersion(item, item.version)
