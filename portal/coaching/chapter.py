"""What a project's own page says of its coaching sessions."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.coaching.queries import FIGURES
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.web.show import ago


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    total, last = found
    place = url_for("coaching.index", slug=project.slug)
    if not total:
        return [Line(_("Séances d’accompagnement"), _("Aucune n’est encore notée."), place, True)]
    said = ngettext("%(num)s séance", "%(num)s séances", total)
    told = _("%(count)s, la dernière %(when)s", count=said, when=ago(last))
    return [Line(_("Séances d’accompagnement"), told, place)]


CHAPTER = Chapter(tell, FIGURES)
