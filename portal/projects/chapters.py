"""What the floors above say of a project on its own pages: a line each, with the way there.

The roof hands in who tells them, as it hands in the navigation: this floor knows none of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app

from portal.kernel.access import Actor
from portal.projects.models import Project


@dataclass(frozen=True)
class Line:
    """`is_missing`: nothing is there yet; `url` leads to the page where it would be."""

    title: str
    said: str
    url: str
    is_missing: bool = False


Teller = Callable[[Actor, Project], Sequence[Line]]


def tell(actor: Actor, project: Project) -> Sequence[Line]:
    """All lines, in the order of the tellers."""
    tellers: Sequence[Teller] = current_app.extensions["chapters"]
    return [line for teller in tellers for line in teller(actor, project)]
