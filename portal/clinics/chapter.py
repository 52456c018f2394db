"""What a sprint's own page says of the help that it asked for."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.clinics import words
from portal.clinics.queries import TAKEN, Request
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.projects.chapters import Line
from portal.projects.models import Project
from portal.sprints.chapters import Chapter
from portal.sprints.models import Sprint


def tell_of_sprint(
    _actor: Actor, project: Project, sprint: Sprint, found: Sequence[Any]
) -> Sequence[Line]:
    """Nothing where it asked for none."""
    (taken,) = found
    asks = sprint.closed_at is not None and (sprint.help_wanted or taken)
    if not asks:
        return []
    clinic, who = taken[0] if taken else (None, None)
    request = Request(sprint, project, clinic, who)
    url = url_for("clinics.page", slug=project.slug, number=sprint.number)
    said = f"{words.what_now(request)} ({words.waited(request)})"
    return [Line(_("Aide demandée"), said, url, request.clinic is None)]


OF_SPRINT = Chapter(tell_of_sprint, (TAKEN,))
