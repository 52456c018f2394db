"""How far a project is, at the top of its pages: a strip of gates and three numbers.

The roof hands in who tells it, as it hands in the chapters: this floor knows nothing of gates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app

from portal.project.projects.models import Project


@dataclass(frozen=True)
class ProgressGate:
    """A gate: its number, what it says aloud, how it looks, its page."""

    number: int
    label: str
    look: str
    url: str


@dataclass(frozen=True)
class ProjectMood:
    """How the project is going: in a word, how that looks, why, and the page that says more."""

    label: str
    kind: str
    why: Sequence[str]
    url: str


@dataclass(frozen=True)
class ProjectProgress:
    """Three numbers in per cent, and in words; how it is going, where that is told."""

    cells: Sequence[ProgressGate]
    declared: int
    proved: int
    accepted: int
    summary: str
    mood: ProjectMood | None = None


ReadProgress = Callable[[Project], ProjectProgress]


def get_progress(project: Project) -> ProjectProgress:
    """Of a project that the caller was already allowed to see."""
    teller: ReadProgress = current_app.extensions["progress"]
    return teller(project)
