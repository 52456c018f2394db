"""Conditions of instalments as plain values: gates and documents. Pure."""

from dataclasses import dataclass
from datetime import date

from portal.funding.agreements.models import InstalmentDocument


@dataclass(frozen=True)
class GateForPayment:
    """A gate of a project at a moment. `accepted_on` is the day of its first acceptance in force,
    `first_accepted_on` that of its first acceptance whatever happened since: delays leave its day;
    `expected_on` and `latest_on` are its forecast while it is open."""

    number: int
    due_on: date
    accepted_on: date | None = None
    first_accepted_on: date | None = None
    is_stale: bool = False
    is_waived: bool = False
    expected_on: date | None = None
    latest_on: date | None = None

    @property
    def is_met(self) -> bool:
        """Whether it stands in no payment's way: accepted and not stale, or waived."""
        return self.is_waived or (self.accepted_on is not None and not self.is_stale)


@dataclass(frozen=True)
class NeededDocument:
    """A document of an instalment; `file` is what was handed in, `is_gone` once it was removed."""

    row: InstalmentDocument
    file: str = ""
    is_gone: bool = False

    @property
    def is_handed_in(self) -> bool:
        return self.row.attachment_id is not None and not self.is_gone
