"""Test rounds in search. Sessions and their participants are never found."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_search_source
from portal.user_tests.rounds import labels
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.queries import select_session_count_of_round


def _list_state_badges(rounds: Sequence[TestRound]) -> Mapping[UUID, tuple[str, str | None]]:
    counts = select(TestRound.id, select_session_count_of_round().label("sessions"))
    counted = db.session.execute(counts.where(TestRound.id.in_([row.id for row in rounds])))
    sessions = dict(map(tuple, counted))
    return {row.id: labels.state_with_badge_kind(row, sessions[row.id]) for row in rounds}


SEARCH = (
    build_project_search_source(
        TestRound,
        _l("Séries de tests"),
        "title",
        "hypotheses",
        "script",
        "no_access_needs",
        states=_list_state_badges,
        called=(_l("Série de tests"), "serie series test tests round rounds"),
    ),
)
