"""Demonstrations, retrospectives and their actions in search."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source
from portal.sprints.ceremonies.action_queries import count_sprints_since_by_action
from portal.sprints.ceremonies.labels import action_badge
from portal.sprints.ceremonies.models import Demonstration, RetroAction, Retrospective
from portal.sprints.sprints.models import Sprint


def _list_action_badges(actions: Sequence[RetroAction]) -> Mapping[UUID, tuple[str, str | None]]:
    sprints_open = count_sprints_since_by_action([action.id for action in actions])
    return {action.id: action_badge(action, sprints_open[action.id]) for action in actions}


SEARCH = (
    build_project_rows_search_source(
        Demonstration,
        _l("Démonstrations"),
        "feedback",
        "decisions",
        called=(_l("Démonstration"), "demonstration demonstrations demo demos"),
    ),
    build_project_rows_search_source(
        Retrospective,
        _l("Rétrospectives"),
        "went_well",
        "went_badly",
        numbered_by=(Sprint, Retrospective.sprint_id),
        singular=_l("Rétrospective"),
    ),
    build_project_rows_search_source(
        RetroAction,
        _l("Actions"),
        "what",
        states=_list_action_badges,
        called=(_l("Action"), "action actions"),
    ),
)
