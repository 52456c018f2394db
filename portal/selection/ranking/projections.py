"""The stored ranking of calls follows opened scores, who takes part, and withdrawals."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.projection import ALL, Projection, actions_of
from portal.selection.applications import commands as applications
from portal.selection.applications.models import Application
from portal.selection.calls.models import Call
from portal.selection.imports import page_commands as imports
from portal.selection.jury import assignment_commands, opening_commands, score_commands
from portal.selection.ranking.commands import rank_or_mark_due

DEPENDS = (
    opening_commands.OPENED,
    score_commands.SENT,
    score_commands.CHANGED,
    assignment_commands.RECUSED,
    assignment_commands.DECLARED,
    assignment_commands.CONFIRMED,
    applications.WITHDRAWN,
    imports.RESTORED,
)


def refresh_changed_rankings(lines: Sequence[PendingAuditEvent]) -> None:
    """Rank the calls whose opened applications changed; sealed scores are in no ranking."""
    flush_session()
    changed = (
        select(Call)
        .join(Application, Application.call_id == Call.id)
        .where(Application.id.in_([line.subject_id for line in lines]), Application.opened_at.is_not(None))
    )
    for call in db.session.scalars(changed.distinct()).all():
        rank_or_mark_due(call)


PROJECTION = Projection(
    name="ranking",
    depends=dict.fromkeys(DEPENDS, ALL),
    refresh=refresh_changed_rankings,
    exempt=actions_of(applications, assignment_commands, score_commands, imports) - set(DEPENDS),
)
