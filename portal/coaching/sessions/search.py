"""Coaching sessions in search: their minutes and what was decided."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.coaching.sessions.models import CoachingSession, Decision
from portal.collaboration.search.search import join_texts
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source


def _read_decision_texts_by_session(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    decisions = select(Decision.session_id, Decision.what).where(Decision.session_id.in_(ids))
    texts: dict[UUID, list[str]] = defaultdict(list)
    for session_id, what in db.session.execute(decisions.order_by(Decision.number)):
        texts[session_id].append(what)
    return {session_id: join_texts(*parts) for session_id, parts in texts.items()}


SEARCH = (
    build_project_rows_search_source(
        CoachingSession,
        _l("Séances d’accompagnement"),
        "minutes",
        beside=_read_decision_texts_by_session,
        author="author_id",
        called=(_l("Séance"), "seance seances session sessions"),
    ),
)
