"""What a project's own page says of its programme's collective sessions."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.gatherings.queries import FIGURES
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.web.show import day


def tell(_actor: Actor, _project: Project, found: Sequence[Any]) -> Sequence[Line]:
    """Nothing before the first one is announced."""
    programme, total, coming = found
    if not total:
        return []
    said = ngettext("%(num)s séance", "%(num)s séances", total)
    if coming is not None:
        said = _("la prochaine le %(day)s", day=day(coming))
    return [Line(_("Séances collectives"), said, url_for("gatherings.index", slug=programme))]


CHAPTER = Chapter(tell, FIGURES)
