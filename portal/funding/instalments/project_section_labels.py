"""The line about money on a project's page: states, never an amount."""

from collections.abc import Sequence
from typing import Any

from portal.funding.instalments.section_queries import FIGURES
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.path_rules import project_path
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine


def list_lines(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[SectionLine]:
    """How many instalments are paid, and which comes next."""
    count, paid, following, signed_on = values
    url = f"{project_path(project)}/funding"
    title = _("Financement")
    if signed_on is None:
        return [SectionLine(title, _("La convention n’est pas signée."), url, True)]
    if not count:
        return [SectionLine(title, _("Convention signée le %(day)s.", day=format_day(signed_on)), url)]
    text = ngettext(
        "%(paid)s tranche versée sur %(num)s", "%(paid)s tranches versées sur %(num)s", count, paid=paid
    )
    brief = text
    if following is not None:
        text = _("%(text)s ; la prochaine est la %(n)s", text=text, n=following)
    return [SectionLine(title, text, url, brief=brief)]


SECTION = ProjectSection(list_lines, FIGURES, ProjectFoldKind.TEAM)
