"""Words of the report to funders."""

from collections.abc import Mapping, Sequence
from datetime import date

from portal.funding.agreements.condition_rules import PaymentGate
from portal.funding.agreements.labels import money
from portal.funding.reports.rules import FundingReport
from portal.platform.kernel.text import LazyString, format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

COLUMNS: Mapping[str, LazyString] = {
    "committed": _l("Engagé"),
    "asked": _l("Demandé"),
    "checked": _l("Contrôlé"),
    "paid": _l("Versé"),
    "recovered": _l("Reversé"),
    "remaining": _l("Reste"),
}


def title(report: FundingReport) -> str:
    return _("Rapport financier au %(day)s", day=format_day(report.as_of))


def gate(number: int, standing: PaymentGate | None) -> str:
    """« G4, accepté le 3 mars 2026 »."""
    if standing is None or not (standing.accepted_on or standing.is_waived or standing.expected_on):
        return f"G{number}"
    if standing.is_waived:
        return _("G%(n)s, dispensé", n=number)
    if standing.accepted_on:
        day = format_day(standing.accepted_on, "medium")
        if standing.is_stale:
            return _("G%(n)s, accepté le %(day)s, à revoir", n=number, day=day)
        return _("G%(n)s, accepté le %(day)s", n=number, day=day)
    day = format_day(standing.expected_on or standing.due_on, "medium")
    return _("G%(n)s, attendu le %(day)s", n=number, day=day)


def gates(entries: Sequence[tuple[int, PaymentGate | None]]) -> str:
    return " ; ".join(gate(number, standing) for number, standing in entries)


def month(day: date) -> str:
    """« mars 2026 »."""
    return format_day(day, "MMMM y")


def headline(report: FundingReport) -> str:
    """What the report shows, in a sentence."""
    totals = report.totals
    return _(
        "%(committed)s engagés, %(paid)s versés, %(remaining)s restent ; %(forecast)s sont attendus.",
        committed=money(totals.committed),
        paid=money(totals.paid),
        remaining=money(totals.remaining),
        forecast=money(report.forecast),
    )
