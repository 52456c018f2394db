"""Reasons of decisions about gates in search."""

from portal.oversight.gates.models import GateDecision
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search

SEARCH = (
    project_search(
        GateDecision,
        _l("Jalons"),
        "reason",
        where=(GateDecision.reason != "",),
        author="decided_by_id",
        number="gate",
        page_path="/gates/{number}",
    ),
)
