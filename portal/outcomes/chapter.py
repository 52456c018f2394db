"""What a project's own pages say of its end-of-support report."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project, ProjectState


def tell(_actor: Actor, project: Project, _found: Sequence[Any]) -> Sequence[Line]:
    is_over = project.state in {ProjectState.STOPPED, ProjectState.FINISHED}
    said = _("À lire") if is_over else _("Tel qu’il serait aujourd’hui")
    url = url_for("outcomes.landing", slug=project.slug)
    return [Line(_("Rapport de fin d’accompagnement"), said, url, not is_over)]


CHAPTER = Chapter(tell)
