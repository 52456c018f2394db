"""What a project's own pages say of its data."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.data_sources.queries import COUNTED, COUNTED_USABLE
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    n, usable = found
    place = url_for("data_sources.index", slug=project.slug)
    if not n:
        return [Line(_("Données"), _("Aucune source de données repérée."), place, True)]
    on_their_way = n - usable
    said = ngettext("%(num)s source", "%(num)s sources", n)
    if usable:
        said += ", " + ngettext("%(num)s exploitable", "%(num)s exploitables", usable)
    if on_their_way:
        said += ", " + ngettext("%(num)s en chemin", "%(num)s en chemin", on_their_way)
    return [Line(_("Données"), said, place)]


CHAPTER = Chapter(tell, (COUNTED, COUNTED_USABLE))
