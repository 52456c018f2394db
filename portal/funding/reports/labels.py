"""Words of the report to funders."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from portal.funding.agreements.condition_rules import GateForPayment
from portal.funding.agreements.labels import AFTER_END, INSTALMENT_STATES, RELEASED, money
from portal.funding.reports.rules import FundingReport, ReportedInstalment
from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import ProjectState

COLUMNS: Mapping[str, LazyString] = {
    "committed": _l("Engagé"),
    "asked": _l("Demandé"),
    "checked": _l("Contrôlé"),
    "paid": _l("Versé"),
    "recovered": _l("Reversé"),
    "remaining": _l("Reste"),
}
_STANDSTILLS: Mapping[ProjectState, LazyString] = {
    ProjectState.PAUSED: _l("sans date, l’équipe est en pause"),
    ProjectState.STOPPED: _l("plus attendue, le projet est arrêté"),
}


TEAMS_NAMED_MAX = 8


def title(report: FundingReport) -> str:
    return _("Rapport financier au %(day)s", day=format_day(report.as_of))


def _format_medium_day(day: date) -> str:
    return format_day(day, "medium")


def gate_standing(
    number: int, standing: GateForPayment | None, write: Callable[[date], str] = _format_medium_day
) -> str:
    """« G4, accepté le 3 mars 2026 », its day as `write` does."""
    if standing is None or not (standing.accepted_on or standing.is_waived or standing.expected_on):
        return f"G{number}"
    if standing.is_waived:
        return _("G%(n)s, dispensé", n=number)
    if standing.accepted_on:
        day = write(standing.accepted_on)
        if standing.is_stale:
            return _("G%(n)s, accepté le %(day)s, périmé", n=number, day=day)
        return _("G%(n)s, accepté le %(day)s", n=number, day=day)
    day = write(standing.expected_on or standing.due_on)
    return _("G%(n)s, attendu le %(day)s", n=number, day=day)


def gate_standings(entries: Sequence[tuple[int, GateForPayment | None]]) -> str:
    return _(" ; ").join(gate_standing(number, standing) for number, standing in entries)


def month(day: date) -> str:
    """« mars 2026 »."""
    return format_day(day, "MMMM y")


def headline(report: FundingReport) -> str:
    """What the report shows, in a sentence."""
    totals = report.totals
    amounts = {name: money(getattr(totals, name)) for name in ("committed", "recovered", "remaining")}
    paid = money(totals.paid)
    if totals.recovered:
        paid = _(
            "%(paid)s versés (dont %(recovered)s reversés depuis)", paid=paid, recovered=amounts["recovered"]
        )
    else:
        paid = _("%(paid)s versés", paid=paid)
    sums = _(
        "%(committed)s engagés, %(paid)s, %(remaining)s restent ; %(forecast)s sont attendus.",
        committed=amounts["committed"],
        paid=paid,
        remaining=amounts["remaining"],
        forecast=money(report.forecast),
    )
    return " ".join(filter(None, [sums, *list_reservations(report), _name_without_agreement(report)]))


def _name_without_agreement(report: FundingReport) -> str:
    """« Sans convention signée : A, B et 3 autres. »; "" where every team that goes on has one."""
    names = report.without_agreement
    more = len(names) - TEAMS_NAMED_MAX
    named = ", ".join(names[:TEAMS_NAMED_MAX])
    if more > 0:
        return ngettext(
            "Sans convention signée : %(teams)s et %(num)s autre.",
            "Sans convention signée : %(teams)s et %(num)s autres.",
            more,
            teams=named,
        )
    return _("Sans convention signée : %(teams)s.", teams=named) if names else ""


def state(each: ReportedInstalment) -> str:
    """The state of an instalment; of a closed agreement, that nothing of it is owed any more."""
    if each.is_released:
        return str(RELEASED)
    return str(INSTALMENT_STATES[each.state])


def forecast_sentence(each: ReportedInstalment) -> str:
    """« attendue le 3 mars 2026, au plus tard le 2 mai 2026 »; "" where nothing is to come. Also why it has
    no day, and that its day is after the end of its agreement."""
    if not each.expected_on:
        return reservation(each)
    expected = _("attendue le %(day)s", day=format_day(each.expected_on, "medium"))
    if each.latest_on and each.latest_on != each.expected_on:
        expected = _(
            "%(expected)s, au plus tard le %(last)s",
            expected=expected,
            last=format_day(each.latest_on, "medium"),
        )
    return f"{expected}, {AFTER_END}" if each.is_after_end else expected


def reservation(each: ReportedInstalment) -> str:
    """Why it has no day, or that its day is after the end of its agreement."""
    if each.standstill is not None:
        return str(_STANDSTILLS[each.standstill])
    return str(AFTER_END) if each.is_after_end else ""


def list_reservations(report: FundingReport) -> list[str]:
    """What the sum that is expected does not say: amounts after the end of their agreement, and those of
    teams that are paused or stopped, which have no day."""
    sentences = (
        (
            report.after_end,
            _l("%(amount)s sont attendus après la fin de leur convention : il y faut un avenant."),
        ),
        (
            report.sum_standstill(ProjectState.PAUSED),
            _l("%(amount)s restent sans date, car leur équipe est en pause."),
        ),
        (
            report.sum_standstill(ProjectState.STOPPED),
            _l("%(amount)s ne sont plus attendus, car leur projet est arrêté : leur convention est à clore."),
        ),
    )
    return [str(sentence) % {"amount": money(cents)} for cents, sentence in sentences if cents]
