"""Packs whose texts named a person that is erased: their fingerprint and PDF follow their pages."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.oversight.committee_packs import queries
from portal.oversight.committee_packs.documents import compute_fingerprint
from portal.oversight.committee_packs.models import CommitteePack, PackPdf, PackStage
from portal.platform.kernel import audit
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.personal_data import IdentityToErase
from portal.platform.pdf.printer import DocumentKind, print_pdf

REDACTED = audit.Action("pack.redacted")


def reprint_redacted_packs(_identity: IdentityToErase, row_ids: Sequence[UUID]) -> None:
    """Print anew the completed packs among these rows, and record their new fingerprint."""
    flush_session()
    completed = CommitteePack.id.in_(row_ids), CommitteePack.stage == PackStage.COMPLETED
    for pack in db.session.scalars(sa.select(CommitteePack).where(*completed)).all():
        first, *teams = queries.iterate_pages(pack.id)
        pack.fingerprint = compute_fingerprint([first, *teams])
        content = {**first, "mark": pack.fingerprint, "teams": teams}
        pdf = print_pdf(DocumentKind.PACK, content, pack.as_of_at)
        db.session.execute(sa.update(PackPdf).where(PackPdf.pack_id == pack.id).values(pdf=pdf))
        changes = audit.changes_of(pack)
        audit.record(None, REDACTED, pack, scope_id=pack.programme_id, changes=changes)
