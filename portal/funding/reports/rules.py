"""The report to funders: teams, instalments and months, from the ledger alone. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from portal.funding.agreements.condition_rules import GateForPayment
from portal.funding.agreements.models import InstalmentState
from portal.funding.ledger.rules import LedgerTotals, add_totals
from portal.platform.kernel.months import months_after
from portal.project.projects.models import ProjectState


@dataclass(frozen=True)
class ReportedInstalment:
    """An instalment as of a day. `expected_on` and `latest_on` are when its last gate is forecast to
    let it be paid, None where nothing is to come, and the latest where there is no range yet;
    `is_after_end`: that day is after the end of its agreement. `standstill` says of an unpaid one why it has
    no day: its team is paused, or its project was stopped. `due_on` is
    the day that its plan names, if any."""

    number: int
    state: InstalmentState
    totals: LedgerTotals
    gates: Sequence[tuple[int, GateForPayment | None]]
    paid_on: date | None = None
    expected_on: date | None = None
    latest_on: date | None = None
    is_after_end: bool = False
    standstill: ProjectState | None = None
    due_on: date | None = None

    @property
    def is_released(self) -> bool:
        """Whether its agreement was closed before it was paid: nothing of it is committed."""
        is_unpaid = self.state in {InstalmentState.PLANNED, InstalmentState.RETURNED}
        return is_unpaid and not self.totals.committed


class AgreementReferenceNumbers(NamedTuple):
    """The numbers of an agreement, "" for those it lacks."""

    agreement: str
    legal_commitment: str
    operator_reference: str


@dataclass(frozen=True)
class ReportedTeam:
    """A team with its agreement's numbers, its instalments, and the day before which nothing is paid."""

    slug: str
    name: str
    organisation: str
    numbers: AgreementReferenceNumbers
    instalments: Sequence[ReportedInstalment]
    starts_on: date | None = None

    @cached_property
    def totals(self) -> LedgerTotals:
        return add_totals(each.totals for each in self.instalments)

    @property
    def forecast(self) -> int:
        """What is still to be paid, in cents."""
        return sum(each.totals.remaining for each in self.instalments if each.expected_on)

    @cached_property
    def after_end(self) -> int:
        """What of it is expected after the end of its agreement, in cents."""
        return sum(each.totals.remaining for each in self.instalments if each.is_after_end)


@dataclass(frozen=True)
class ForecastMonth:
    """What is to be paid in a month, whose first day it is, by the expected days and by the latest."""

    first_on: date
    expected: int = 0
    latest: int = 0


@dataclass(frozen=True)
class FundingReport:
    """The report of a programme as of a day; `without_agreement` names its teams that had begun and went
    on, and whose amount was not committed then, by organisation."""

    programme: str
    slug: str
    as_of: date
    teams: Sequence[ReportedTeam]
    is_demonstration: bool = False
    without_agreement: Sequence[str] = ()

    @cached_property
    def totals(self) -> LedgerTotals:
        return add_totals(team.totals for team in self.teams)

    @property
    def forecast(self) -> int:
        return sum(team.forecast for team in self.teams)

    @property
    def after_end(self) -> int:
        """What is expected after the end of its agreement, in cents: part of `forecast`."""
        return sum(team.after_end for team in self.teams)

    def sum_standstill(self, state: ProjectState) -> int:
        """What remains without a day, since its projects are in this state, in cents."""
        return sum(
            each.totals.remaining
            for team in self.teams
            for each in team.instalments
            if each.standstill is state
        )

    @property
    def months(self) -> Sequence[ForecastMonth]:
        return sum_forecast_by_month(each for team in self.teams for each in team.instalments)


def find_instalment_state(totals: LedgerTotals, *, is_returned: bool, is_refused: bool) -> InstalmentState:
    """Return the state that the ledger shows; what was returned and refused, it shows as planned."""
    if is_refused:
        return InstalmentState.REFUSED
    if totals.paid:
        return InstalmentState.PAID
    if totals.checked:
        return InstalmentState.CHECKED
    if totals.asked:
        return InstalmentState.REQUESTED
    return InstalmentState.RETURNED if is_returned else InstalmentState.PLANNED


def sum_forecast_by_month(instalments: Iterable[ReportedInstalment]) -> Sequence[ForecastMonth]:
    """Return what is forecast by month, without a gap from the first to the last with anything."""
    expected: dict[date, int] = defaultdict(int)
    latest: dict[date, int] = defaultdict(int)
    for each in instalments:
        if each.expected_on:
            expected[each.expected_on.replace(day=1)] += each.totals.remaining
            latest[(each.latest_on or each.expected_on).replace(day=1)] += each.totals.remaining
    days = {*expected, *latest}
    months, day = [], min(days, default=None)
    while day is not None and day <= max(days):
        months.append(ForecastMonth(day, expected[day], latest[day]))
        day = months_after(day, 1)
    return months
