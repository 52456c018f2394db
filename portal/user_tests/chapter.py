"""What a project's own pages say of its tests."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.user_tests import words
from portal.user_tests.queries import FIGURES


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    rounds, number, version, sessions = found
    if not rounds:
        url = url_for("rounds.index", slug=project.slug)
        return [Line(_("Tests"), _("Personne n’a encore essayé le prototype."), url, True)]
    url = url_for("rounds.page", slug=project.slug, number=number)
    said = _(
        "série %(n)s, sur la version %(version)s : %(sessions)s",
        n=number,
        version=version,
        sessions=words.sessions(sessions),
    )
    return [Line(_("Tests"), said, url, not sessions)]


CHAPTER = Chapter(tell, FIGURES)
