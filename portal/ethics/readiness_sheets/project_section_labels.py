"""What a project's own pages say of its sheets."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.ethics.readiness_sheets.definition_documents import SHEET_KINDS
from portal.ethics.readiness_sheets.queries import BEGUN_COUNT, COMPLETE_COUNT
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectSection, SectionLine


def list_project_lines(
    _actor: Actor, project: Project, figures: Sequence[Any]
) -> Sequence[SectionLine]:
    begun, complete = figures
    url = url_for("sheets.index", slug=project.slug)
    return [SectionLine(_("Fiches"), _summary(complete, begun), url, not begun)]


def _summary(complete: int, begun: int) -> str:
    if not begun:
        return _("Aucune fiche n’est commencée.")
    n = complete
    sentence = ngettext(
        "%(num)s complète sur %(all)s", "%(num)s complètes sur %(all)s", n, all=len(SHEET_KINDS)
    )
    going = begun - complete
    if not going:
        return sentence
    return f"{sentence}, " + ngettext("%(num)s en cours", "%(num)s en cours", going)


CHAPTER = ProjectSection(list_project_lines, (BEGUN_COUNT, COMPLETE_COUNT))
