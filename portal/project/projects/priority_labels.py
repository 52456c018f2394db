"""Priorities of a project: what needs attention now, as groups of lines with links.

The application passes in the function that lists them, since it depends on other wings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project


@dataclass(frozen=True, kw_only=True)
class PriorityLine:
    """A line of text that links to where one acts on it, followed by a small `note`.

    `badge` is a state in one or two words before it, styled as `kind` (success, warning, error,
    info).
    """

    text: str
    url: str
    note: str = ""
    badge: str = ""
    kind: str | None = None


@dataclass(frozen=True, kw_only=True)
class PriorityGroup:
    """A heading and its lines; without lines, the sentence `nothing` and the link `start`."""

    title: str
    points: Sequence[PriorityLine] = ()
    nothing: str = ""
    start: PriorityLine | None = None


ListPriorities = Callable[[Actor, Project], Sequence[PriorityGroup]]


def list_priorities(actor: Actor, project: Project) -> Sequence[PriorityGroup]:
    """List the priorities of a project, the most pressing group first."""
    list_groups: ListPriorities = current_app.extensions["matters"]
    return list_groups(actor, project)
