"""Findings in search, with what becomes of them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.collaboration.search.search import Badge
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source
from portal.sprints.backlog.models import Item
from portal.user_tests.findings.labels import STATE_KINDS, STATES
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.state_queries import FINDING_STATE, FindingState


def _list_state_badges(findings: Sequence[Finding]) -> Mapping[UUID, Badge]:
    rows = select(Finding.id, FINDING_STATE).outerjoin(Item, Item.id == Finding.item_id)
    states = db.session.execute(rows.where(Finding.id.in_([finding.id for finding in findings])))
    return {id_: (STATES[FindingState(state)], STATE_KINDS.get(FindingState(state))) for id_, state in states}


SEARCH = (
    build_project_rows_search_source(
        Finding,
        _l("Constats"),
        "what",
        "detail",
        "closing_reason",
        states=_list_state_badges,
        called=(_l("Constat"), "constat constats finding findings"),
    ),
)
