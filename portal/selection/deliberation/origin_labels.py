"""The way from a project back to the application that it came from, for leads of its programme."""

from collections.abc import Sequence
from typing import Any

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.urls import path_to
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectSection, SectionLine
from portal.selection.deliberation import policy
from portal.selection.deliberation.origin_queries import ORIGIN


def list_origin_lines(actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[SectionLine]:
    """A link to the application, where there is one and the reader leads the programme."""
    number, call, slug = values
    if number is None or not policy.leads_programme_of(actor, project):
        return []
    url = path_to("applications.page", slug=slug, call=call, number=number)
    return [
        SectionLine(_("Candidature"), _("Candidature %(n)s à l’appel %(call)s", n=number, call=call), url)
    ]


SECTION = ProjectSection(list_origin_lines, ORIGIN)
