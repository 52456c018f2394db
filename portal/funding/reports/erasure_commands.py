"""Printed reports that name a person that is erased: the worker prints them anew."""

from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

import sqlalchemy as sa

from portal.funding.reports.models import FundingReportFile
from portal.people.privacy.identity_rules import build_name_patterns
from portal.platform.kernel import outbox
from portal.platform.kernel.database import db
from portal.platform.kernel.personal_data import IdentityToErase
from portal.platform.pdf.printer import MEDIA_TYPE
from portal.platform.storage import extraction

BATCH = 20


def requeue_reports_naming_person(identity: IdentityToErase, _row_ids: Sequence[UUID]) -> None:
    """Forget the PDF of each report whose text names the person; it waits for the worker again."""
    patterns = build_name_patterns(identity)
    printed = sa.select(FundingReportFile).where(FundingReportFile.pdf.is_not(None))
    for file in db.session.scalars(printed.execution_options(yield_per=BATCH)):
        if patterns.is_named_in(" ".join(extraction.read_text_parts(BytesIO(file.pdf or b""), MEDIA_TYPE))):
            file.pdf, file.printed_at, file.attempts = None, None, 0
            outbox.wake_sender_after_commit()
