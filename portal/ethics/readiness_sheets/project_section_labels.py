"""The line about readiness sheets on a project's page."""

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
    """How many kinds are complete and how many are in progress."""
    begun, complete = figures
    url = url_for("sheets.index", slug=project.slug)
    return [SectionLine(_("Fiches"), _summary(complete, begun), url, not begun)]


def _summary(complete: int, begun: int) -> str:
    if not begun:
        return _("Aucune fiche n’est commencée.")
    sentence = ngettext(
        "%(num)s complète sur %(all)s",
        "%(num)s complètes sur %(all)s",
        complete,
        all=len(SHEET_KINDS),
    )
    in_progress = begun - complete
    if not in_progress:
        return sentence
    return f"{sentence}, " + ngettext("%(num)s en cours", "%(num)s en cours", in_progress)


CHAPTER = ProjectSection(list_project_lines, (BEGUN_COUNT, COMPLETE_COUNT))
