"""What a project's own pages say of its data."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.data_sources.queries import SOURCE_COUNT, USABLE_SOURCE_COUNT
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectSection, SectionLine


def list_section_lines(
    _actor: Actor, project: Project, figures: Sequence[Any]
) -> Sequence[SectionLine]:
    n, usable = figures
    place = url_for("data_sources.index", slug=project.slug)
    if not n:
        return [SectionLine(_("Données"), _("Aucune source de données repérée."), place, True)]
    on_their_way = n - usable
    text = ngettext("%(num)s source", "%(num)s sources", n)
    if usable:
        text += ", " + ngettext("%(num)s exploitable", "%(num)s exploitables", usable)
    if on_their_way:
        text += ", " + ngettext("%(num)s en chemin", "%(num)s en chemin", on_their_way)
    return [SectionLine(_("Données"), text, place)]


SECTION = ProjectSection(list_section_lines, (SOURCE_COUNT, USABLE_SOURCE_COUNT))
