"""Demonstrations, retrospectives and their actions in search."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search
from portal.sprints.ceremonies.models import Demonstration, RetroAction, Retrospective
from portal.sprints.sprints.models import Sprint

SEARCH = (
    project_search(Demonstration, _l("Démonstrations"), "feedback", "decisions"),
    project_search(
        Retrospective,
        _l("Rétrospectives"),
        "went_well",
        "went_badly",
        numbered_by=(Sprint, Retrospective.sprint_id),
    ),
    project_search(RetroAction, _l("Actions"), "what"),
)
