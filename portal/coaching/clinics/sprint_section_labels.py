"""What a sprint's own page says of the help that it asked for."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.coaching.clinics import labels
from portal.coaching.clinics.queries import CLAIMS, HelpRequest
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.section_queries import SprintPageSection


def build_sprint_lines(
    _actor: Actor, project: Project, sprint: Sprint, values: Sequence[Any]
) -> Sequence[SectionLine]:
    """Nothing where it asked for none."""
    (claims,) = values
    asks = sprint.closed_at is not None and (sprint.help_wanted or claims)
    if not asks:
        return []
    clinic, who = claims[0] if claims else (None, None)
    request = HelpRequest(sprint, project, clinic, who)
    url = url_for("clinics.page", slug=project.slug, number=sprint.number)
    sentence = f"{labels.what_now(request)} ({labels.waiting_time(request)})"
    return [SectionLine(_("Aide demandée"), sentence, url, request.clinic is None)]


SPRINT_SECTION = SprintPageSection(build_sprint_lines, (CLAIMS,))
