"""Progress of a project at the top of its pages: a strip of gates and three percentages.

They come from the feature that judges gates (`ProgressReader`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project


@dataclass(frozen=True)
class ProgressGate:
    """A gate: its number, its text for screen readers, its CSS class, its page."""

    number: int
    label: str
    look: str
    url: str


@dataclass(frozen=True)
class ProjectHealthSummary:
    """Health of the project: a word, its badge's kind, the reasons, and the page with details.
    `ways_out` are, by reason, what would turn it green and where; `charges` who is in charge."""

    label: str
    kind: str
    why: Sequence[str]
    url: str
    ways_out: Sequence[tuple[str, str]] = ()
    charges: Sequence[str] = ()


@dataclass(frozen=True)
class ProjectProgress:
    """Gates and three shares in per cent; `mood` is None for readers who may not see health."""

    cells: Sequence[ProgressGate]
    declared: int
    proved: int
    accepted: int
    summary: str
    mood: ProjectHealthSummary | None = None


@dataclass(frozen=True)
class ProgressReader(Contribution):
    """Reads how far a project is."""

    read: Callable[[Project], ProjectProgress]


def get_progress(project: Project) -> ProjectProgress:
    """Of a project that the caller was already allowed to see."""
    (reader,) = list_contributions(ProgressReader)
    return reader.read(project)
