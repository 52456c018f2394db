"""What matters now in a project: a few headings, a few lines under each, each leading to its place.

The roof hands in who tells it, as it hands in the chapters: this floor knows nothing of sprints.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app

from portal.kernel.access import Actor
from portal.projects.models import Project


@dataclass(frozen=True, kw_only=True)
class Point:
    """A line: what is so, and where one acts on it. `note` is the small print after it.

    `badge` is a state in a word or two before it, drawn as `kind` (success, warning, error, info).
    """

    said: str
    url: str
    note: str = ""
    badge: str = ""
    kind: str | None = None


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A heading and its lines. Where there is none, `nothing` says so, and `start` what to do."""

    title: str
    points: Sequence[Point] = ()
    nothing: str = ""
    start: Point | None = None


Teller = Callable[[Actor, Project], Sequence[Matter]]


def tell(actor: Actor, project: Project) -> Sequence[Matter]:
    """The most pressing heading first."""
    teller: Teller = current_app.extensions["matters"]
    return teller(actor, project)
