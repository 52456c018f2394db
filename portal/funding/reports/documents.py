"""The report to funders as plain data for a tagged PDF."""

from typing import Any

from portal.funding.agreements.labels import amount_in_table, money
from portal.funding.ledger.rules import LedgerTotals
from portal.funding.reports import labels
from portal.funding.reports.charts import draw_month_forecast
from portal.funding.reports.rules import FundingReport, ReportedInstalment, ReportedTeam
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.report_parts import Part, make_part, make_table


def build_document(report: FundingReport, language: str) -> dict[str, Any]:
    """Return the report in the language in use: totals, forecast by month, a part a team."""
    foot = labels.title(report)
    if report.is_demonstration:
        foot = _("%(foot)s. Démonstration : tous les montants sont inventés.", foot=foot)
    return {
        "title": labels.title(report),
        "language": language,
        "landscape": True,
        "lead": report.programme,
        "foot": foot,
        "parts": [
            make_part(
                _("L’ensemble"),
                [*filter(None, [labels.headline(report), labels.name_teams_after_end(report)])],
                pictures=_draw_forecast(report),
                table=_build_team_table(report),
            ),
            make_part(_("Versements attendus"), [_forecast_note()], table=_build_month_table(report)),
            *(_build_team_part(team) for team in report.teams),
        ],
    }


def _draw_forecast(report: FundingReport) -> Part | None:
    """The chart of what is expected by month, on the first page."""
    chart = draw_month_forecast(report.months, money)
    if chart is None:
        return None
    marks = {"y_ticks": [vars(tick) for tick in chart.y_ticks], "bars": [vars(bar) for bar in chart.bars]}
    return {"bars": {"title": chart.title, **marks}}


def _forecast_note() -> str:
    return _("Chaque tranche compte au mois où son dernier jalon est attendu, et à celui de sa date haute.")


def _format_amounts(totals: LedgerTotals) -> list[str]:
    return [amount_in_table(getattr(totals, name)) for name in labels.COLUMNS]


def _list_amount_columns(first: int) -> range:
    """The places of the columns of amounts, from the first one."""
    return range(first, first + len(labels.COLUMNS))


def _build_team_table(report: FundingReport) -> Part:
    rows = [[team.name, *_format_amounts(team.totals)] for team in report.teams]
    rows.append([_("Total"), *_format_amounts(report.totals)])
    names = [_("Équipe"), *(str(name) for name in labels.COLUMNS.values())]
    return make_table(_("Montants par équipe"), names, rows, amounts=_list_amount_columns(1))


def _build_month_table(report: FundingReport) -> Part | None:
    rows = [
        [labels.month(m.first_on), amount_in_table(m.expected), amount_in_table(m.latest)]
        for m in report.months
    ]
    names = [_("Mois"), _("Attendu"), _("Au plus tard")]
    return make_table(_("Versements attendus par mois"), names, rows, amounts=(1, 2)) if rows else None


def _build_team_part(team: ReportedTeam) -> Part:
    rows = [
        [
            str(each.number),
            labels.state(each),
            *_format_amounts(each.totals),
            _describe_payment_day(each),
            labels.gate_standings(each.gates),
        ]
        for each in team.instalments
    ]
    columns = (str(name) for name in labels.COLUMNS.values())
    names = [_("Tranche"), _("État"), *columns, _("Versement"), _("Jalons")]
    says = ", ".join(filter(None, [team.organisation, *team.numbers]))
    name, amounts = _("Tranches de %(name)s", name=team.name), (0, *_list_amount_columns(2))
    last = len(names) - 1
    table = make_table(name, names, rows, wide=(last - 1, last), amounts=amounts) if rows else None
    return make_part(team.name, [says] if says else [], table=table)


def _describe_payment_day(each: ReportedInstalment) -> str:
    """When it was paid, or is expected."""
    return format_day(each.paid_on, "medium") if each.paid_on else labels.forecast_sentence(each)
