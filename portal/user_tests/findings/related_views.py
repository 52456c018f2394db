"""What the floors above say of a finding on its own page: a line each, with the way there.

The roof hands in who tells them, as it does for a project, a sprint and an item.
"""

from collections.abc import Callable, Sequence

from flask import current_app

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.user_tests.findings.models import Finding

LineProvider = Callable[[Actor, Project, Finding], Sequence[SectionLine]]


def list_related_lines(actor: Actor, project: Project, finding: Finding) -> Sequence[SectionLine]:
    """All lines, in the order of the tellers."""
    tellers: Sequence[LineProvider] = current_app.extensions["finding_chapters"]
    return [line for teller in tellers for line in teller(actor, project, finding)]
