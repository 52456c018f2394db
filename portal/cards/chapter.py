"""What a project's own pages say of its public card."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.cards.queries import SHOWN_AT
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.web.show import day


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    (shown_at,) = found
    said = _("Publique depuis le %(day)s", day=day(shown_at)) if shown_at else _("Pas publique")
    return [Line(_("Carte publique"), said, url_for("cards.page", slug=project.slug), not shown_at)]


CHAPTER = Chapter(tell, (SHOWN_AT,))
