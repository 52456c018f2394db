"""How far a project is, at the top of its pages: a strip of gates and three numbers.

The roof hands in who tells it, as it hands in the chapters: this floor knows nothing of gates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app

from portal.projects.models import Project


@dataclass(frozen=True)
class Cell:
    """A gate: its number, what it says aloud, how it looks, its page."""

    number: int
    label: str
    look: str
    url: str


@dataclass(frozen=True)
class Mood:
    """How the project is going: in a word, how that looks, why, and the page that says more."""

    label: str
    kind: str
    why: Sequence[str]
    url: str


@dataclass(frozen=True)
class Progress:
    """Three numbers in per cent, and in words; how it is going, where that is told."""

    cells: Sequence[Cell]
    declared: int
    proved: int
    accepted: int
    said: str
    mood: Mood | None = None


Teller = Callable[[Project], Progress]


def tell(project: Project) -> Progress:
    """Of a project that the caller was already allowed to see."""
    teller: Teller = current_app.extensions["progress"]
    return teller(project)
