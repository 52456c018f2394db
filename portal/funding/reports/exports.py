"""The report to funders as rows of a spreadsheet: a row an instalment, exact amounts."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from portal.funding.reports import labels
from portal.funding.reports.rules import FundingReport
from portal.platform.kernel.text import gettext as _
from portal.platform.web.tables import Cell, Table


def build_table(report: FundingReport) -> Table:
    """The rows of all teams, in the language in use."""
    return Table(
        title=labels.title(report),
        sheet=_("Tranches"),
        names=(
            _("Équipe"),
            _("Organisme"),
            _("Convention"),
            _("Engagement juridique"),
            _("Référence chez l’opérateur"),
            _("Tranche"),
            _("État"),
            *(str(name) for name in labels.COLUMNS.values()),
            _("Versée le"),
            _("Attendue le"),
            _("Au plus tard le"),
            _("Jalons"),
            _("Remarque"),
        ),
        widths=(16, 40, 16, 14, 16, 8, 14, *(14 for _name in labels.COLUMNS), 12, 12, 12, 50, 40),
        rows=_iterate_rows(report),
    )


def _iterate_rows(report: FundingReport) -> Iterator[list[Cell]]:
    for team in report.teams:
        for each in team.instalments:
            amounts = (Decimal(getattr(each.totals, name)).scaleb(-2) for name in labels.COLUMNS)
            yield [
                team.name,
                team.organisation,
                *team.numbers,
                each.number,
                labels.state(each),
                *amounts,
                each.paid_on,
                each.expected_on,
                each.latest_on,
                _(" ; ").join(
                    labels.gate_standing(number, gate, date.isoformat) for number, gate in each.gates
                ),
                labels.reservation(each),
            ]
    amounts = (Decimal(getattr(report.totals, name)).scaleb(-2) for name in labels.COLUMNS)
    yield [_("Total"), "", "", "", "", None, "", *amounts, None, None, None, "", ""]
