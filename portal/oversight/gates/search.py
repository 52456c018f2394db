"""Reasons of decisions about gates, panels and plans of change in search."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.collaboration.search.search import Badge
from portal.oversight.gates.labels import OUTCOMES, STANDING_KINDS, STANDINGS
from portal.oversight.gates.models import ChangePlan, GateDecision, Panel
from portal.oversight.gates.queries import list_projects_in_id_order, read_present_standings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source


def _read_standing_badges(decisions: Sequence[GateDecision]) -> Mapping[UUID, Badge]:
    """Where the gates of decisions stand now; nothing for a gate that the programme left out since."""
    standings = read_present_standings(list_projects_in_id_order({row.project_id for row in decisions}))
    badges: dict[UUID, Badge] = {}
    for row in decisions:
        standing = standings[row.project_id].get(row.gate)
        badges[row.id] = (STANDINGS[standing], STANDING_KINDS.get(standing)) if standing else ("", None)
    return badges


SEARCH = (
    build_project_rows_search_source(
        GateDecision,
        _l("Jalons"),
        "reason",
        titled=lambda row: _("G%(n)s : %(reason)s", n=row.gate, reason=row.reason),
        where=(GateDecision.reason != "",),
        author="decided_by_id",
        number="gate",
        page_path="/gates/{number}#decision-{id}",
        states=_read_standing_badges,
        singular=_l("Jalon"),
        words="gate gates decision decisions",
    ),
    build_project_rows_search_source(
        Panel,
        _l("Jurys"),
        "reasons",
        "members",
        page_path="/gates#panel-{own}",
        state=lambda panel: (OUTCOMES[panel.outcome], None),
        singular=_l("Jury"),
    ),
    build_project_rows_search_source(
        ChangePlan,
        _l("Conduite du changement"),
        "missions",
        "workflow",
        "training",
        page_path="/gates#change-plan",
    ),
)
