"""The figures that a feature reads for its section of a sprint's page, and its lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.sprints.sprints.models import Sprint

SprintLineProvider = Callable[[Actor, Project, Sprint, Sequence[Any]], Sequence[SectionLine]]


@dataclass(frozen=True)
class SprintPageSection(Contribution):
    """One feature's lines about a started sprint.

    `figures` are scalar subqueries about the sprint bound as `sprint`; `list_lines` gets their
    values in the same order.
    """

    list_lines: SprintLineProvider
    figures: Sequence[Any] = ()
