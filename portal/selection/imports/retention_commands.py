"""How long the files and the runs of imported applications are kept."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.database import db
from portal.platform.kernel.retention import RetentionGroup, RetentionRule
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.imports.models import ImportRun, UploadedExport


def _old_content_condition(before: Any) -> sa.ColumnElement[bool]:
    return sa.and_(UploadedExport.uploaded_at < before, sa.func.length(UploadedExport.content) > 0)


def _clear_file_content(ids: Sequence[UUID]) -> None:
    """Its mapping stays, for the next file of the call."""
    uploaded = sa.update(UploadedExport).where(UploadedExport.id.in_(ids))
    db.session.execute(uploaded.values(content=b""), execution_options={"synchronize_session": False})


def _old_run_condition(before: Any) -> sa.ColumnElement[bool]:
    """Ended, and not the latest of its call, which the page of the import shows."""
    newer = ImportRun.__table__.alias()
    has_newer = sa.select(newer.c.id).where(
        newer.c.call_id == ImportRun.call_id, newer.c.number > ImportRun.number
    )
    return sa.and_(ImportRun.ended_at < before, has_newer.exists())


RULES = (
    RetentionRule(
        key="application_files",
        group=RetentionGroup.UPLOADS,
        title=_l("Candidatures déposées pour un import : le fichier, tel quel"),
        reason=_l("Vous montrer ce qu’il apporterait, et le lire"),
        days=1,
        model=UploadedExport,
        is_over=_old_content_condition,
        forget=_clear_file_content,
    ),
    RetentionRule(
        key="application_imports",
        group=RetentionGroup.UPLOADS,
        title=_l("Imports de candidatures : qui a lu quoi, quand"),
        reason=_l("Retrouver d’où vient une candidature, et pourquoi une autre manque"),
        days=90,
        model=ImportRun,
        is_over=_old_run_condition,
    ),
)
