"""Decisions that teams await in search."""

from portal.oversight.decisions.models import AwaitedDecision
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search

SEARCH = (
    project_search(
        AwaitedDecision, _l("Décisions"), "question", "why", "answer", "withdraw_reason", author="asked_by_id"
    ),
)
