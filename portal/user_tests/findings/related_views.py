"""Lines that features of upper wings add to the page of a finding.

The application registers the providers under the extension key `finding_chapters`.
"""

from collections.abc import Callable, Sequence

from flask import current_app

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.user_tests.findings.models import Finding

LineProvider = Callable[[Actor, Project, Finding], Sequence[SectionLine]]


def list_related_lines(actor: Actor, project: Project, finding: Finding) -> Sequence[SectionLine]:
    """Return the lines of all providers, in their order."""
    providers: Sequence[LineProvider] = current_app.extensions["finding_chapters"]
    return [line for provider in providers for line in provider(actor, project, finding)]
