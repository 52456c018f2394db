"""The section on data sources on a project's page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.data_sources.queries import SOURCE_COUNT, USABLE_SOURCE_COUNT
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine


def list_section_lines(_actor: Actor, project: Project, figures: Sequence[Any]) -> Sequence[SectionLine]:
    count, usable = figures
    url = url_for("data_sources.index", slug=project.slug)
    if not count:
        return [SectionLine(_("Données"), _("Aucune source de données repérée."), url, True)]
    not_usable = count - usable
    text = ngettext("%(num)s source", "%(num)s sources", count)
    if usable:
        text += ", " + ngettext("%(num)s exploitable", "%(num)s exploitables", usable)
    if not_usable:
        text += ", " + ngettext("%(num)s en chemin", "%(num)s en chemin", not_usable)
    return [SectionLine(_("Données"), text, url, brief=text)]


SECTION = ProjectSection(list_section_lines, (SOURCE_COUNT, USABLE_SOURCE_COUNT), ProjectFoldKind.DATA)
