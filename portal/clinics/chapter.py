"""What a sprint's own page says of the help that it asked for."""

from collections.abc import Sequence

from flask import url_for

from portal.clinics import queries, words
from portal.kernel.access import Actor
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.projects.chapters import Line
from portal.projects.models import Project
from portal.sprints.models import Sprint


def tell_of_sprint(actor: Actor, project: Project, sprint: Sprint) -> Sequence[Line]:
    """Nothing where it asked for none."""
    if sprint.closed_at is None:
        return []
    try:
        request = queries.get_request(actor, project, sprint.number)
    except NotFound:
        return []
    url = url_for("clinics.page", slug=project.slug, number=sprint.number)
    said = f"{words.what_now(request)} ({words.waited(request)})"
    return [Line(_("Aide demandée"), said, url, request.clinic is None)]
