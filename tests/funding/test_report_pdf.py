"""The report to funders on paper: its chart, whole rows, amounts in one piece."""

from datetime import date
from io import BytesIO

from pypdf import PdfReader

from portal.funding.agreements.models import InstalmentState
from portal.funding.ledger.rules import LedgerTotals
from portal.funding.reports.documents import build_document
from portal.funding.reports.rules import (
    AgreementReferenceNumbers,
    FundingReport,
    ReportedInstalment,
    ReportedTeam,
)
from portal.platform.kernel.text import using_language
from portal.platform.pdf.printer import DocumentKind, print_pdf

DAY, LATER = date(2026, 11, 30), date(2027, 2, 14)
AMOUNT = 123_456_78


def report_of(instalments: int) -> FundingReport:
    totals = LedgerTotals(committed=AMOUNT, asked=AMOUNT, checked=AMOUNT)
    rows = [
        ReportedInstalment(n, InstalmentState.CHECKED, totals, [], expected_on=DAY, latest_on=LATER)
        for n in range(1, instalments + 1)
    ]
    team = ReportedTeam("irsn", "IRSN", "Institut", AgreementReferenceNumbers("C-1", "", ""), rows)
    return FundingReport("AMI", "ami", DAY, [team])


def test_the_pdf_has_the_chart_whole_rows_and_amounts_in_one_piece(app):
    with app.app_context(), using_language("fr"):
        content = build_document(report_of(40), "fr")
        pdf = PdfReader(BytesIO(print_pdf(DocumentKind.REPORT, content)))
    assert all(page.mediabox.width > page.mediabox.height for page in pdf.pages)
    pages = [" ".join(page.extract_text().split()) for page in pdf.pages]
    assert "Barres en milliers d’euros" in pages[0]
    assert "Montants par équipe" in pages[0]
    amount = "123 456,78 €"
    assert not any(amount + amount in page for page in pages)
    rows = [page.count("attendue le 30 nov. 2026") for page in pages]
    assert sum(rows) == 40
    assert rows == [page.count("au plus tard le 14 févr. 2027") for page in pages]  # none is cut
    assert all("Versement Jalons" in page for page, count in zip(pages, rows, strict=True) if count)
