"""Triggers of re-reviews in search."""

from portal.ethics.rereviews.labels import WAITS, WAITS_KINDS
from portal.ethics.rereviews.models import Trigger
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source

SEARCH = (
    build_project_rows_search_source(
        Trigger,
        _l("Réexamens"),
        "because",
        "returned_because",
        state=lambda trigger: (WAITS[trigger.waits], WAITS_KINDS.get(trigger.waits)),
        author="happened_by_id",
        called=(_l("Réexamen"), "reexamen reexamens trigger triggers"),
    ),
)
