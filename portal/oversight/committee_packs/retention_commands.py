"""How long committee packs are kept."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.collaboration.search.erasure_commands import index_rows_anew
from portal.oversight.committee_packs.models import CommitteePack, PackPage, PackPdf
from portal.platform.kernel.database import db
from portal.platform.kernel.retention import RetentionGroup, RetentionRule
from portal.platform.kernel.text import lazy_gettext as _l


def _delete_packs(ids: Sequence[UUID]) -> None:
    """Delete packs with their pages, their PDF and their words in the search index."""
    for model in (PackPage, PackPdf):
        db.session.execute(sa.delete(model).where(model.pack_id.in_(ids)))
    db.session.execute(sa.delete(CommitteePack).where(CommitteePack.id.in_(ids)))
    index_rows_anew(ids)


RULES = (
    RetentionRule(
        key="packs",
        group=RetentionGroup.PROGRAMMES,
        title=_l("Dossiers de comité"),
        reason=_l("Comparer un comité aux précédents, jusqu’au bilan du programme"),
        days=1095,
        model=CommitteePack,
        is_over=lambda before: CommitteePack.finished_at < before,
        programme=CommitteePack.programme_id,
        forget=_delete_packs,
    ),
)
