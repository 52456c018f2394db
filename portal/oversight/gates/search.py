"""Reasons of decisions about gates, panels and plans of change in search."""

from portal.oversight.gates.models import ChangePlan, GateDecision, Panel
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
    project_search(Panel, _l("Jurys"), "reasons", "members", page_path="/gates"),
    project_search(
        ChangePlan,
        _l("Conduite du changement"),
        "missions",
        "workflow",
        "training",
        page_path="/gates",
    ),
)
