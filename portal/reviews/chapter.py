"""What a project's own pages say of its ethics reviews."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.reviews.listing import FIGURES


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    """What is late comes first, then what the team has to do, then what others have."""
    total, drafts, given, to_prove, late = found
    place = url_for("reviews.index", slug=project.slug)
    if not total:
        return [Line(_("Revues éthiques"), _("Aucune revue n’est encore ouverte."), place, True)]
    said = []
    if late:
        said.append(ngettext("%(num)s condition en retard", "%(num)s conditions en retard", late))
    if to_prove - late:
        waiting = to_prove - late
        said.append(
            ngettext("%(num)s condition à remplir", "%(num)s conditions à remplir", waiting)
        )
    if drafts:
        said.append(ngettext("%(num)s en préparation", "%(num)s en préparation", drafts))
    if given:
        said.append(ngettext("%(num)s chez le relecteur", "%(num)s chez le relecteur", given))
    if not said:
        said.append(ngettext("%(num)s revue décidée", "%(num)s revues décidées", total))
    return [Line(_("Revues éthiques"), ", ".join(said), place)]


CHAPTER = Chapter(tell, FIGURES)
