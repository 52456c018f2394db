"""The worker's job that prints reports to funders."""

from uuid import UUID

import sqlalchemy as sa
import structlog

from portal.funding.reports import commands, queries
from portal.funding.reports.documents import build_document
from portal.funding.reports.models import ATTEMPTS_MAX, FundingReportFile
from portal.platform.kernel.database import db, transaction
from portal.platform.kernel.text import using_language
from portal.platform.pdf.printer import DocumentKind, print_pdf

log = structlog.get_logger("portal")


def print_due_reports() -> int:
    """Print all reports that wait, each in its own transaction; returns how many were tried."""
    count = 0
    while (file_id := _claim_report()) is not None:
        count += 1
        log.info("funding report", report_id=str(file_id))
        _print_report(file_id)
    return count


def _select_waiting_reports() -> sa.Select[FundingReportFile]:
    return (
        sa.select(FundingReportFile)
        .where(FundingReportFile.printed_at.is_(None), FundingReportFile.attempts < ATTEMPTS_MAX)
        .order_by(FundingReportFile.id)
        .with_for_update(skip_locked=True)
    )


def _claim_report() -> UUID | None:
    """Count an attempt on the first report that waits, so that one that fails is given up."""
    with transaction():
        file = db.session.scalar(_select_waiting_reports().limit(1))
        if file is None:
            return None
        file.attempts += 1
        return file.id


def _print_report(file_id: UUID) -> None:
    """Print while the row is locked: a second worker takes another one."""
    with transaction():
        locked = sa.select(FundingReportFile).where(FundingReportFile.id == file_id)
        file = db.session.scalar(locked.with_for_update(skip_locked=True))
        programme = queries.find_programme(file.programme_id) if file else None
        if file is None or programme is None or file.printed_at is not None:
            return
        with using_language(file.language):
            report = queries.read_report(programme, file.as_of_at, file.as_of_on)
            content = build_document(report, file.language)
        commands.store_pdf(file, programme, print_pdf(DocumentKind.REPORT, content, file.as_of_at))
