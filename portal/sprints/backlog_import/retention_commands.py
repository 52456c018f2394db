"""How long uploaded backlogs are kept."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.database import db
from portal.platform.kernel.retention import RetentionGroup, RetentionRule, make_expired_uploads_condition
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.backlog_import.models import BacklogImport, ImportLine


def _delete_imports(ids: Sequence[UUID]) -> None:
    db.session.execute(sa.delete(ImportLine).where(ImportLine.import_id.in_(ids)))
    db.session.execute(sa.delete(BacklogImport).where(BacklogImport.id.in_(ids)))


UPLOADS = RetentionRule(
    key="backlog_imports",
    group=RetentionGroup.UPLOADS,
    title=_l("Carnets déposés pour un import : le fichier, tel quel"),
    reason=_l("Vous montrer ce qu’il changerait, et l’écrire"),
    days=1,
    model=BacklogImport,
    is_over=make_expired_uploads_condition(BacklogImport.created_at, BacklogImport.expires_at),
    forget=_delete_imports,
)
