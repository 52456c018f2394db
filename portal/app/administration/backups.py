"""When the installation was last copied, and when a copy was last checked, as the trail says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.app.administration.queries import find_installation_scope
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import audit, clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, transaction

BACKED_UP = audit.Action("installation.backed_up")
CHECKED = audit.Action("installation.backup_checked")

LATE_AFTER = timedelta(days=2)  # without a copy


@dataclass(frozen=True)
class LastCopyOrCheck:
    """A copy, or a check of one: when, of which moment, and how much it holds (bytes)."""

    at: datetime
    made_at: str
    rows: int
    files: int
    size: int


def record_copy_or_check_in_trail(
    action: audit.Action, *, made_at: str, rows: int, files: int, size: int
) -> bool:
    """Note a copy or a check in the trail; False where the database does not take it, as on
    another machine."""
    facts = {"made_at": made_at, "rows": rows, "files": files, "size": size}
    try:
        with transaction():
            scope = find_installation_scope()
            if scope is not None:
                audit.record(None, action, scope, scope_id=None, facts=facts)
            return scope is not None
    except DBAPIError:
        return False


def find_last_copy_or_check(action: audit.Action) -> LastCopyOrCheck | None:
    """The last copy or check, if any."""
    own = AuditEvent.subject_id == INSTALLATION, AuditEvent.action == action.code
    event = db.session.scalar(sa.select(AuditEvent).where(*own).order_by(AuditEvent.id.desc()).limit(1))
    return LastCopyOrCheck(event.created_at, **event.facts) if event else None


def is_copy_late(last: LastCopyOrCheck | None) -> bool:
    return last is None or last.at < clock.now() - LATE_AFTER
