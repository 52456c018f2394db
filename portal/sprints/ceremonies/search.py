"""Demonstrations, retrospectives and their actions in search."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search
from portal.sprints.ceremonies.action_queries import count_sprints_since
from portal.sprints.ceremonies.labels import action_badge
from portal.sprints.ceremonies.models import Demonstration, RetroAction, Retrospective
from portal.sprints.sprints.models import Sprint


def _list_states(actions: Sequence[RetroAction]) -> Mapping[UUID, tuple[str, str | None]]:
    sprints_open = count_sprints_since([action.id for action in actions])
    return {action.id: action_badge(action, sprints_open[action.id]) for action in actions}


SEARCH = (
    project_search(
        Demonstration,
        _l("Démonstrations"),
        "feedback",
        "decisions",
        called=(_l("Démonstration"), "demonstration demonstrations demo demos"),
    ),
    project_search(
        Retrospective,
        _l("Rétrospectives"),
        "went_well",
        "went_badly",
        numbered_by=(Sprint, Retrospective.sprint_id),
        singular=_l("Rétrospective"),
    ),
    project_search(
        RetroAction,
        _l("Actions"),
        "what",
        states=_list_states,
        called=(_l("Action"), "action actions"),
    ),
)
