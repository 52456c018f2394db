"""Sums of ledger entries. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.funding.ledger.models import LedgerAccount


@dataclass(frozen=True)
class LedgerTotals:
    """Amounts in cents. `asked` and `checked` include what was paid since."""

    committed: int = 0
    asked: int = 0
    checked: int = 0
    paid: int = 0
    recovered: int = 0

    @property
    def remaining(self) -> int:
        """What is committed and not paid: what was recovered is not owed again."""
        return self.committed - self.paid

    @property
    def net_paid(self) -> int:
        """What the team has: paid and not recovered."""
        return self.paid - self.recovered

    def __add__(self, other: "LedgerTotals") -> "LedgerTotals":
        return LedgerTotals(
            self.committed + other.committed,
            self.asked + other.asked,
            self.checked + other.checked,
            self.paid + other.paid,
            self.recovered + other.recovered,
        )


NOTHING = LedgerTotals()


def totals_of(sums: Mapping[LedgerAccount, int]) -> LedgerTotals:
    """The totals from the sum of each account."""
    return LedgerTotals(**{account.value: sums.get(account, 0) for account in LedgerAccount})


def add_totals(totals: Iterable[LedgerTotals]) -> LedgerTotals:
    """The sum of totals."""
    return sum(totals, NOTHING)
