"""What a project's own pages say of the files attached to its things."""

from collections.abc import Sequence

from flask import url_for

from portal.files.queries import Room, measure
from portal.files.terms import size_in_words
from portal.files.views import desk
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Line
from portal.projects.models import Project


def room_of(project: Project) -> Room:
    """Of a project that the caller was already allowed to see."""
    return measure(project.id, desk().allowed)


def tell(_actor: Actor, project: Project) -> Sequence[Line]:
    room, place = room_of(project), url_for("project_files.index", slug=project.slug)
    if not room.count:
        return [Line(_("Fichiers"), _("Aucun fichier n’est joint."), place, True)]
    said = ngettext("%(num)s fichier", "%(num)s fichiers", room.count)
    return [Line(_("Fichiers"), f"{said}, {size_in_words(room.used)}", place)]
