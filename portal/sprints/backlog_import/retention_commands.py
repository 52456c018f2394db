"""How long uploaded backlogs are kept."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.retention import RetentionRule
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.backlog_import.models import BacklogImport, ImportLine


def _is_over(before: datetime) -> sa.ColumnElement[bool]:
    """Also one that nobody can open any more, where the term became longer since its upload."""
    return (BacklogImport.created_at < before) | (BacklogImport.expires_at <= clock.now())


def _forget(ids: Sequence[UUID]) -> None:
    db.session.execute(sa.delete(ImportLine).where(ImportLine.import_id.in_(ids)))
    db.session.execute(sa.delete(BacklogImport).where(BacklogImport.id.in_(ids)))


UPLOADS = RetentionRule(
    key="backlog_imports",
    title=_l("Carnets déposés pour un import : le fichier, tel quel"),
    reason=_l("Vous montrer ce qu’il changerait, et l’écrire"),
    days=1,
    model=BacklogImport,
    is_over=_is_over,
    forget=_forget,
)
