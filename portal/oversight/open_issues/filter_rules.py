"""The filters, the order and the page of the list of open issues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

PER_PAGE = 25
TEAM_FILTERS = ("coach", "track", "organisation")  # about the team; the others are about its issues
ISSUE_FILTERS = ("severity", "ethics", "risks", "sheet", "overdue")


class SeverityFilter(StrEnum):
    SEVERE = "severe"
    CATASTROPHIC = "catastrophic"


class EthicsFilter(StrEnum):
    OVERDUE = "overdue"  # a review that a gate asks for, past its date
    WAITING = "waiting"  # submitted, and not decided
    STALE = "stale"  # an event asks for a re-review
    CONDITIONS = "conditions"  # past their date


class RisksFilter(StrEnum):
    HIGH = "high"
    OVERDUE = "overdue"  # a measure past its date


class TransparencySheetFilter(StrEnum):
    PUBLISHED = "published"
    MISSING = "missing"


class IssueSort(StrEnum):
    SEVERITY = "severity"
    AGE = "age"
    ETHICS = "ethics"
    RISKS = "risks"
    ORGANISATION = "organisation"


@dataclass(frozen=True, kw_only=True)
class IssueFilters:
    """The filters of a reader. The defaults show every team, the gravest first.

    Filters about issues (severity, ethics, risks, sheet, overdue) keep only teams that go on.
    """

    severity: SeverityFilter | None = None
    ethics: EthicsFilter | None = None
    risks: RisksFilter | None = None
    sheet: TransparencySheetFilter | None = None
    overdue: bool = False
    coach: UUID | None = None
    track: str = ""
    organisation: str = ""
    sort: IssueSort = IssueSort.SEVERITY
    page: int = 1

    @property
    def narrowing(self) -> Sequence[str]:
        """The names of the filters that are set."""
        return [name for name in TEAM_FILTERS + ISSUE_FILTERS if getattr(self, name)]

    @property
    def narrows(self) -> bool:
        return bool(self.narrowing)

    @property
    def has_issue_filter(self) -> bool:
        return any(getattr(self, name) for name in ISSUE_FILTERS)

    def in_url(self, page: int) -> Mapping[str, Any]:
        """The same filters on another page, as parameters of a query string, without defaults."""
        query_args = {name: getattr(self, name) for name in ISSUE_FILTERS + TEAM_FILTERS}
        query_args |= {
            "overdue": int(self.overdue),
            "sort": self.sort if self.sort is not IssueSort.SEVERITY else None,
            "page": page if page > 1 else None,
        }
        return {name: value for name, value in query_args.items() if value}


def count_pages(count: int) -> int:
    return max(1, -(-count // PER_PAGE))
