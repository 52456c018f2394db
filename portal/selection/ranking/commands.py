"""Store the ranking of a call: at once for a small one, by the worker for a large one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update

from portal.platform.kernel import clock
from portal.platform.kernel.database import db, execute_write
from portal.selection.applications.models import Application
from portal.selection.calls.models import Call
from portal.selection.ranking import queries
from portal.selection.ranking.models import StoredRank
from portal.selection.ranking.rules import RankingLine

AT_ONCE_MAX = 500  # applications: a ranking of so many takes less than 50 ms
HUNDREDTHS = 100
_applications: Any = Application.__table__
# Not by the session: stored figures are no edit, and must not make another's edit stale.
_FIGURES = (
    update(_applications)
    .where(_applications.c.id == bindparam("application"))
    .values(
        total_hundredths=bindparam("total"), is_below=bindparam("below"), is_dispersed=bindparam("dispersed")
    )
)


def rank_or_mark_due(call: Call) -> None:
    """Scores of a call have opened or changed: rank it again, now or by the worker."""
    db.session.flush()
    count = select(func.count()).where(Application.call_id == call.id, Application.opened_at.is_not(None))
    if (db.session.scalar(count) or 0) <= AT_ONCE_MAX:
        refresh_ranking(call)
    else:
        _mark_ranking_due(call, ranking_due_at=clock.now())


def refresh_ranking(call: Call) -> None:
    """Compute the ranking and the figures of lists, and store them."""
    db.session.flush()
    lines, on_line = queries.compute_ranking_and_ids_on_cutoff_line(call)
    ids = select(Application.id).where(Application.call_id == call.id)
    db.session.execute(delete(StoredRank).where(StoredRank.application_id.in_(ids)))
    ranks = [queries.build_stored_rank(line, on_line) for line in lines]
    db.session.add_all(ranks)
    figures = [
        {"application": rank.application_id, **_stored_figures_of_line(line)}
        for rank, line in zip(ranks, lines, strict=True)
    ]
    if figures:
        execute_write(_FIGURES, figures)
    _mark_ranking_due(call, ranking_due_at=None, ranked_at=clock.now())


def _stored_figures_of_line(line: RankingLine) -> dict[str, Any]:
    total = line.total
    return {
        "total": None if total is None else int((2 * total * HUNDREDTHS + 1) // 2),
        "below": bool(line.below),
        "dispersed": bool(line.dispersed),
    }


def _mark_ranking_due(call: Call, **values: Any) -> None:
    table: Any = Call.__table__
    execute_write(update(table).where(table.c.id == bindparam("call")).values(**values), {"call": call.id})


def list_due_rankings() -> Sequence[UUID]:
    """The calls whose stored ranking lacks scores, the oldest first."""
    due = select(Call.id).where(Call.ranking_due_at.is_not(None)).order_by(Call.ranking_due_at)
    return db.session.scalars(due).all()


def refresh_due_ranking(call_id: UUID) -> None:
    """Rank a call whose scores changed since, unless somebody else has just done so."""
    call = db.session.scalar(select(Call).where(Call.id == call_id).with_for_update())
    if call is not None and call.ranking_due_at is not None:
        refresh_ranking(call)
