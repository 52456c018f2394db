"""What a project's own page says of its recommendations."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.recommendations.queries import FIGURES


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    total, proposed, accepted, done = found
    place = url_for("recommendations.index", slug=project.slug)
    if not total:
        return [Line(_("Recommandations"), _("Aucune pour l’instant."), place, True)]
    parts = [
        ngettext("%(num)s attend une réponse", "%(num)s attendent une réponse", proposed)
        if proposed
        else "",
        ngettext("%(num)s à faire", "%(num)s à faire", accepted) if accepted else "",
        ngettext("%(num)s à confirmer", "%(num)s à confirmer", done) if done else "",
    ]
    said = ", ".join(filter(None, parts)) or _("toutes ont leur réponse")
    return [Line(_("Recommandations"), said, place)]


CHAPTER = Chapter(tell, FIGURES)
