"""The line about its help request on a sprint's page."""

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
    """One line for a closed sprint that asked for help, else none."""
    (claims,) = values
    if sprint.closed_at is None or not (sprint.help_wanted or claims):
        return []
    clinic, who = claims[0] if claims else (None, None)
    request = HelpRequest(sprint, project, clinic, who)
    url = url_for("clinics.page", slug=project.slug, number=sprint.number)
    sentence = f"{labels.what_now(request)} ({labels.waiting_time(request)})"
    return [SectionLine(_("Aide demandée"), sentence, url, request.clinic is None)]


SPRINT_SECTION = SprintPageSection(build_sprint_lines, (CLAIMS,))
