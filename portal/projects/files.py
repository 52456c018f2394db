"""What a project's own pages say of the files attached to its things."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.files.queries import COUNT, USED, Room, measure
from portal.files.terms import size_in_words
from portal.files.views import desk
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project


def room_of(project: Project) -> Room:
    """Of a project that the caller was already allowed to see."""
    return measure(project.id, desk().allowed)


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    count, used = found
    place = url_for("project_files.index", slug=project.slug)
    if not count:
        return [Line(_("Fichiers"), _("Aucun fichier n’est joint."), place, True)]
    said = ngettext("%(num)s fichier", "%(num)s fichiers", count)
    return [Line(_("Fichiers"), f"{said}, {size_in_words(int(used))}", place)]


CHAPTER = Chapter(tell, (COUNT, USED))
