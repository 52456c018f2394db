"""What a project's own pages say of its sheets."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.sheets.library import KINDS
from portal.sheets.queries import BEGUN, COMPLETE


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    begun, complete = found
    url = url_for("sheets.index", slug=project.slug)
    return [Line(_("Fiches"), _said(complete, begun), url, not begun)]


def _said(complete: int, begun: int) -> str:
    if not begun:
        return _("Aucune fiche n’est commencée.")
    n = complete
    told = ngettext(
        "%(num)s complète sur %(all)s", "%(num)s complètes sur %(all)s", n, all=len(KINDS)
    )
    going = begun - complete
    if not going:
        return told
    return f"{told}, " + ngettext("%(num)s en cours", "%(num)s en cours", going)


CHAPTER = Chapter(tell, (BEGUN, COMPLETE))
