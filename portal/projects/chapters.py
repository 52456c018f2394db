"""What the floors above say of a project on its own pages: a line each, with the way there.

The roof hands in who tells them, as it hands in the navigation: this floor knows none of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import ScalarSelect, select

from portal.kernel.access import Actor
from portal.kernel.db import rows
from portal.projects.models import Project


@dataclass(frozen=True)
class Line:
    """`is_missing`: nothing is there yet; `url` leads to the page where it would be."""

    title: str
    said: str
    url: str
    is_missing: bool = False


Figure = ScalarSelect[Any]  # one value about the project that is bound as `project`
Tell = Callable[[Actor, Project, Sequence[Any]], Sequence[Line]]


@dataclass(frozen=True)
class Chapter:
    """What one floor says. `tell` is given the values of its own `figures`, in their order."""

    tell: Tell
    figures: Sequence[Figure] = ()


class Contents:
    """All chapters, in their order; their figures are asked in one statement."""

    def __init__(self, *chapters: Chapter) -> None:
        self._chapters = chapters
        self._asked = select(*(figure for each in chapters for figure in each.figures))

    def tell(self, actor: Actor, project: Project) -> Sequence[Line]:
        """Of a project that the caller was already allowed to see."""
        values = iter(rows(self._asked, {"project": project.id})[0])
        own = [(each, [next(values) for _figure in each.figures]) for each in self._chapters]
        return [line for each, found in own for line in each.tell(actor, project, found)]


def tell(actor: Actor, project: Project) -> Sequence[Line]:
    """All lines, in the order of the chapters."""
    contents: Contents = current_app.extensions["chapters"]
    return contents.tell(actor, project)
