"""Which teams a reader asks to see, in which order, on which page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

PER_PAGE = 25
OF_TEAM = ("coach", "track", "organisation")  # asked of the team, the others of what is open
OF_MATTER = ("severity", "ethics", "risks", "sheet", "overdue")


class Severity(StrEnum):
    SEVERE = "severe"
    CATASTROPHIC = "catastrophic"


class Ethics(StrEnum):
    OVERDUE = "overdue"  # a review that a gate asks for, past its date
    WAITING = "waiting"  # submitted, and not decided
    STALE = "stale"  # something happened that has a decision looked at again
    CONDITIONS = "conditions"  # past their date


class Risks(StrEnum):
    HIGH = "high"
    OVERDUE = "overdue"  # what was to be done about one


class Sheet(StrEnum):
    PUBLISHED = "published"
    MISSING = "missing"


class Sort(StrEnum):
    SEVERITY = "severity"
    AGE = "age"
    ETHICS = "ethics"
    RISKS = "risks"
    ORGANISATION = "organisation"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """The defaults show every team, the gravest first. What is asked of matters (severity, ethics,
    risks, what is late) keeps teams that go on: of one at rest, nothing is asked any more."""

    severity: Severity | None = None
    ethics: Ethics | None = None
    risks: Risks | None = None
    sheet: Sheet | None = None
    overdue: bool = False
    coach: UUID | None = None
    track: str = ""
    organisation: str = ""
    sort: Sort = Sort.SEVERITY
    page: int = 1

    @property
    def narrowing(self) -> Sequence[str]:
        """The names of those that may hide a team."""
        return [name for name in OF_TEAM + OF_MATTER if getattr(self, name)]

    @property
    def narrows(self) -> bool:
        return bool(self.narrowing)

    @property
    def asks_matter(self) -> bool:
        return any(getattr(self, name) for name in OF_MATTER)

    def in_url(self, page: int) -> Mapping[str, Any]:
        """The same on another page, as a query string holds it; defaults are left out."""
        given = {name: getattr(self, name) for name in OF_MATTER + OF_TEAM}
        given |= {
            "overdue": int(self.overdue),
            "sort": self.sort if self.sort is not Sort.SEVERITY else None,
            "page": page if page > 1 else None,
        }
        return {name: value for name, value in given.items() if value}


def pages_of(count: int) -> int:
    return max(1, -(-count // PER_PAGE))
