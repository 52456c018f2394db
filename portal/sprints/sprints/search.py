"""Sprints in search: their goals, and their logs once closed."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source
from portal.sprints.sprints import labels
from portal.sprints.sprints.models import Sprint

SEARCH = (
    build_project_rows_search_source(
        Sprint,
        _l("Sprints"),
        "goal",
        "summary",
        "shown",
        "shown_to",
        "learnt",
        "blocker_text",
        "decision_awaited",
        "outlook_note",
        "next_goal",
        body_when=lambda sprint: sprint.closed_at is not None,
        state=labels.badge,
        called=(_l("Sprint"), "sprint sprints"),
    ),
)
