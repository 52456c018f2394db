"""Lines, filters, order and totals of the list of open issues. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.oversight.health.fact_rules import GateFacts, UserTestFacts
from portal.oversight.open_issues.filter_rules import (
    EthicsFilter,
    IssueFilters,
    IssueSort,
    RisksFilter,
    SeverityFilter,
    TransparencySheetFilter,
    count_pages,
)
from portal.oversight.open_issues.team_issue_rules import IssueVisibility, TeamIssues
from portal.project.projects.models import ProjectState


@dataclass(frozen=True)
class TeamIssueLine:
    """A team in the list. `last_test` is its last test with users, `prototype` the gate after which
    one is expected: these and what was looked at are read for the lines of a page. `is_led`: the reader
    leads its programme."""

    id: UUID
    slug: str
    name: str
    organisation: str
    state: ProjectState
    sees: IssueVisibility
    issues: TeamIssues
    programme: str  # its name
    last_test: UserTestFacts | None = None
    prototype: GateFacts | None = None
    is_tested: bool = False
    is_reviewed: bool = False
    is_led: bool = False


@dataclass(frozen=True)
class IssueTotals:
    """Totals of all teams that go on; None: the reader may not know it."""

    teams: int = 0
    severe: int = 0
    catastrophic: int = 0
    severe_teams: int = 0
    severe_since: date | None = None
    late_teams: int = 0
    reviews_late: int = 0
    waiting: int = 0
    triggers: int = 0
    conditions_late: int | None = None
    high: int = 0
    measures_late: int | None = None
    published: int = 0


@dataclass(frozen=True)
class IssueOverview:
    """`lines` are all that the filters let through; `page_lines` those of the page. `sees`: what the
    reader may know of any team at all; everything where there is none."""

    totals: IssueTotals
    sees: IssueVisibility
    count_all: int
    lines: Sequence[TeamIssueLine]
    page_lines: Sequence[TeamIssueLine]
    page: int

    @property
    def pages(self) -> int:
        return count_pages(len(self.lines))


def merge_visibility(lines: Sequence[TeamIssueLine]) -> IssueVisibility:
    """What the reader may know of at least one of the teams; everything without any."""
    if not lines:
        return IssueVisibility(True, True)
    return IssueVisibility(any(line.sees.all for line in lines), any(line.sees.conditions for line in lines))


def list_hidden_filters(filters: IssueFilters, sees: IssueVisibility) -> Sequence[str]:
    """The names of the filters that ask for what the reader may not know of any team."""
    asks = {
        "ethics": filters.ethics is EthicsFilter.CONDITIONS and not sees.conditions,
        "risks": filters.risks is RisksFilter.OVERDUE and not sees.all,
    }
    return [name for name, is_hidden in asks.items() if is_hidden]


def filter_lines(lines: Sequence[TeamIssueLine], filters: IssueFilters) -> Sequence[TeamIssueLine]:
    """The lines that the filters on issues let through, in the order asked for."""
    matching = [line for line in lines if _matches_filters(line.issues, filters)]
    sort_key = _SORT_KEYS[filters.sort]
    return sorted(matching, key=lambda line: (not line.issues.goes_on, sort_key(line.issues)))


# By filter and value: choices of two filters may have one value ("overdue"), and are equal then.
_MATCHERS: Mapping[tuple[str, StrEnum], Callable[[TeamIssues], object]] = {
    ("severity", SeverityFilter.SEVERE): lambda issues: issues.severe,
    ("severity", SeverityFilter.CATASTROPHIC): lambda issues: issues.catastrophic,
    ("ethics", EthicsFilter.OVERDUE): lambda issues: issues.reviews_late,
    ("ethics", EthicsFilter.WAITING): lambda issues: issues.waiting,
    ("ethics", EthicsFilter.STALE): lambda issues: issues.triggers,
    ("ethics", EthicsFilter.CONDITIONS): lambda issues: issues.conditions_late,
    ("risks", RisksFilter.HIGH): lambda issues: issues.high,
    ("risks", RisksFilter.OVERDUE): lambda issues: issues.measures_late,
    ("sheet", TransparencySheetFilter.PUBLISHED): lambda issues: issues.sheet == "published",
    ("sheet", TransparencySheetFilter.MISSING): lambda issues: issues.sheet != "published",
}


def _matches_filters(issues: TeamIssues, filters: IssueFilters) -> bool:
    if not filters.has_issue_filter:
        return True
    values = {name: getattr(filters, name) for name in ("severity", "ethics", "risks", "sheet")}
    is_late = bool(issues.late_count) or not filters.overdue
    return (
        issues.goes_on
        and is_late
        and all(_MATCHERS[name, value](issues) for name, value in values.items() if value)
    )


# Equal teams stay sorted by name.
_SORT_KEYS: Mapping[IssueSort, Callable[[TeamIssues], tuple[Any, ...]]] = {
    IssueSort.SEVERITY: lambda issues: (
        -issues.catastrophic,
        -issues.severe,
        -issues.late_count,
        -issues.triggers,
        -issues.high,
    ),
    IssueSort.AGE: lambda issues: (issues.severe_since or date.max,),
    IssueSort.ETHICS: lambda issues: (
        -issues.reviews_late,
        min((review.due_on for review in issues.expected if review.is_late), default=date.max),
        -(issues.conditions_late or 0),
        -issues.triggers,
        -len(issues.waiting),
    ),
    IssueSort.RISKS: lambda issues: (-(issues.measures_late or 0), -issues.high),
    IssueSort.ORGANISATION: lambda _issues: (),
}


def sum_totals(lines: Sequence[TeamIssueLine]) -> IssueTotals:
    """The totals of the teams that go on."""
    active = [line.issues for line in lines if line.issues.goes_on]
    since = [issues.severe_since for issues in active if issues.severe_since]
    return IssueTotals(
        teams=len(active),
        severe=sum(issues.severe for issues in active),
        catastrophic=sum(issues.catastrophic for issues in active),
        severe_teams=sum(issues.severe > 0 for issues in active),
        severe_since=min(since, default=None),
        late_teams=sum(issues.late_count > 0 for issues in active),
        reviews_late=sum(issues.reviews_late for issues in active),
        waiting=sum(len(issues.waiting) for issues in active),
        triggers=sum(issues.triggers for issues in active),
        conditions_late=_sum_visible_counts([issues.conditions_late for issues in active]),
        high=sum(issues.high for issues in active),
        measures_late=_sum_visible_counts([issues.measures_late for issues in active]),
        published=sum(issues.sheet == "published" for issues in active),
    )


def _sum_visible_counts(counts: Sequence[int | None]) -> int | None:
    """The sum of the counts that the reader may know; None without any."""
    visible_counts = [count for count in counts if count is not None]
    return sum(visible_counts) if visible_counts else None
