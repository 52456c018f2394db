"""Purge of applications that were not selected, on their day; statistics stay."""

from datetime import date

from sqlalchemy import delete, select

from portal.collaboration.files.commands import erase_files
from portal.collaboration.search.commands import index_rows
from portal.platform.kernel import audit, clock
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.months import months_after
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications.models import (
    Application,
    ApplicationMember,
    ApplicationMessage,
    ApplicationState,
    LeadConflict,
    SubstituteLead,
)
from portal.selection.applications.search import APPLICATIONS, MESSAGES
from portal.selection.calls import commands as calls
from portal.selection.calls.models import Call, CallState
from portal.selection.deliberation.models import ApplicationAppeal, ApplicationDecision, PurgedApplication
from portal.selection.deliberation.queries import find_final_decision_day
from portal.selection.imports.models import ImportedApplication, ImportedFile
from portal.selection.jury.models import JurorScore, JuryAssignment, ScoreChange, SettledConflict
from portal.selection.ranking.models import StoredRank
from portal.selection.source_replies.models import SourceReply

PURGED = audit.Action("call.purged", _l("a effacé les candidatures non retenues de l’appel %(number)s"))
PURGED_STATES = (
    ApplicationState.NOT_SELECTED,
    ApplicationState.WAITING_LIST,
    ApplicationState.NOT_ELIGIBLE,
    ApplicationState.WITHDRAWN,
    ApplicationState.RECEIVED,
)
_CHILDREN = (
    SourceReply,
    ImportedFile,
    ImportedApplication,
    StoredRank,
    ApplicationAppeal,
    ApplicationDecision,
    ApplicationMessage,
    ApplicationMember,
    LeadConflict,
    SubstituteLead,
    SettledConflict,
    JuryAssignment,
)


def purge_due_applications(today: date) -> int:
    """Purge the calls whose day has come; returns how many applications went."""
    count = 0
    calls_over = select(Call).where(Call.state == CallState.PUBLISHED)
    for call in db.session.scalars(calls_over).all():
        purge_on = find_purge_day(call)
        if purge_on is not None and purge_on <= today:
            count += _purge_call(call)
    return count


def find_purge_day(call: Call) -> date | None:
    """When applications not selected are purged: so many months after the last publication, time
    to appeal and appeal; None while one is open."""
    last_day = find_final_decision_day(call)
    return None if last_day is None else months_after(last_day, call.retention_months)


def _purge_call(call: Call) -> int:
    lock_row(Call, call.id)
    rows = db.session.execute(
        select(Application, StoredRank.rank)
        .outerjoin(StoredRank, StoredRank.application_id == Application.id)
        .where(Application.call_id == call.id, Application.state.in_(PURGED_STATES))
    ).all()
    if not rows:
        return 0
    ids = [row[0].id for row in rows]
    for application, rank in rows:
        db.session.add(
            PurgedApplication(
                call_id=call.id,
                origin=application.origin,
                outcome=application.state,
                total_hundredths=application.total_hundredths,
                rank=rank,
                purged_at=clock.now(),
            )
        )
    db.session.flush()
    assignments = select(JuryAssignment.id).where(JuryAssignment.application_id.in_(ids))
    scores = select(JurorScore.id).where(JurorScore.assignment_id.in_(assignments))
    db.session.execute(delete(ScoreChange).where(ScoreChange.score_id.in_(scores)))
    db.session.execute(delete(JurorScore).where(JurorScore.assignment_id.in_(assignments)))
    messages = db.session.scalars(
        select(ApplicationMessage.id).where(ApplicationMessage.application_id.in_(ids))
    ).all()
    for model in _CHILDREN:
        db.session.execute(delete(model).where(model.application_id.in_(ids)))
    erase_files(Application.__tablename__, ids)
    db.session.execute(delete(Application).where(Application.id.in_(ids)))
    index_rows(APPLICATIONS, ids)
    index_rows(MESSAGES, messages)
    audit.record(None, PURGED, call, scope_id=call.programme_id, facts=calls.call_audit_facts(call))
    return len(ids)
