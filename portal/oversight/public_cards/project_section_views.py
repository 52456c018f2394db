"""Line about the public card in the sections of a project's page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.oversight.public_cards.queries import PUBLISHED_AT
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectSection, SectionLine


def list_project_lines(
    _actor: Actor, project: Project, values: Sequence[Any]
) -> Sequence[SectionLine]:
    """Return the line that links to the card; `values` is [`PUBLISHED_AT`]."""
    (shown_at,) = values
    status = _("Publique depuis le %(day)s", day=day(shown_at)) if shown_at else _("Pas publique")
    return [
        SectionLine(
            _("Carte publique"), status, url_for("cards.page", slug=project.slug), not shown_at
        )
    ]


PROJECT_SECTION = ProjectSection(list_project_lines, (PUBLISHED_AT,))
