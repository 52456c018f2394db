"""What other features say of a finding on its own page: a line each, with a link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.user_tests.findings.models import Finding


@dataclass(frozen=True)
class FindingLinesSource(Contribution):
    """Lines about a finding."""

    list_lines: Callable[[Actor, Project, Finding], Sequence[SectionLine]]


def list_related_lines(actor: Actor, project: Project, finding: Finding) -> Sequence[SectionLine]:
    """All lines, in the order of the features."""
    contributions = list_contributions(FindingLinesSource)
    return [line for each in contributions for line in each.list_lines(actor, project, finding)]
