"""How far a project is, at the top of its pages: a strip of gates and three numbers.

They come from the feature that judges gates (`ProgressReader`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.contributions import Contribution, contributed
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


@dataclass(frozen=True)
class ProgressReader(Contribution):
    """Reads how far a project is."""

    read: Callable[[Project], ProjectProgress]


def get_progress(project: Project) -> ProjectProgress:
    """Of a project that the caller was already allowed to see."""
    (reader,) = contributed(ProgressReader)
    return reader.read(project)
