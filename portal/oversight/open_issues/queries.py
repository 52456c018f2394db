"""Reading the findings and ethics of all teams of a programme, from figures that are kept.

Whatever comes back, the reader sees it: which teams by the portfolio's policy, how much of each by
this feature's own. As many statements for ten teams as for two hundred.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.oversight.gates.queries import list_definitions
from portal.oversight.health.fact_rules import UserTestFacts
from portal.oversight.health.queries import read_states
from portal.oversight.open_issues import policy
from portal.oversight.open_issues.figure_rules import IssueFigures, parse_days, review_from_plain
from portal.oversight.open_issues.filter_rules import (
    PER_PAGE,
    TEAM_FILTERS,
    EthicsFilter,
    IssueFilters,
    IssueSort,
    RisksFilter,
    SeverityFilter,
    SheetFilter,
    count_pages,
)
from portal.oversight.open_issues.models import ConcernFigures
from portal.oversight.open_issues.team_issue_rules import (
    EXPOSURE,
    FRAMING,
    IssueVisibility,
    ReviewGate,
    TeamIssues,
    assess_issues,
)
from portal.oversight.portfolio import filter_rules as portfolio
from portal.oversight.portfolio.filter_queries import (
    FILTER_CONDITIONS,
    by_name,
    filter_parameters,
    in_programme,
)
from portal.oversight.portfolio.policy import TEAMS_VISIBLE, reach_of
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.database import fetch_rows
from portal.project.projects.models import Project, ProjectFigures, ProjectState

CACHE_SIZE = 16  # readings, of some 2 kB a team
# The predicate by which a gate asks for a review of each kind.
_REVIEW_PREDICATES = {FRAMING: "framing_decided", EXPOSURE: "exposure_reviewed"}


@dataclass(frozen=True)
class IssueLine:
    """A team in the list. `tried` is known of those on a page: its last test with users."""

    id: UUID
    slug: str
    name: str
    organisation: str
    state: ProjectState
    sees: IssueVisibility
    standing: TeamIssues
    last_test: UserTestFacts | None = None


@dataclass(frozen=True)
class IssueTotals:
    """What all teams that go on have open together, as much as the reader may know; None: not
    theirs to know."""

    teams: int = 0
    severe: int = 0
    catastrophic: int = 0
    severe_teams: int = 0
    severe_since: date | None = None
    reviews_late: int = 0
    waiting: int = 0
    triggers: int = 0
    conditions_late: int | None = None
    high: int = 0
    measures_late: int | None = None
    published: int = 0


@dataclass(frozen=True)
class IssueOverview:
    """`lines` are those the filters let through, all of them; `shown` those of the page."""

    totals: IssueTotals
    count_all: int
    lines: Sequence[IssueLine]
    page_lines: Sequence[IssueLine]
    page: int

    @property
    def pages(self) -> int:
        return count_pages(len(self.lines))


def read_overview(
    actor: Actor, programme: Programme, filters: IssueFilters, zone: str = DEFAULT_ZONE
) -> IssueOverview:
    """The page asked for, or the last one when there are fewer."""
    every = _list_lines(actor, programme, clock.today(zone))
    matching_ids = _find_matching_ids(actor, programme, filters)
    lines = [
        line
        for line in every
        if (matching_ids is None or line.id in matching_ids) and _matches(line.standing, filters)
    ]
    lines.sort(
        key=lambda line: (not line.standing.goes_on, _SORT_KEYS[filters.sort](line.standing))
    )
    page = min(filters.page, count_pages(len(lines)))
    some = lines[(page - 1) * PER_PAGE : page * PER_PAGE]
    return IssueOverview(_sum_totals(every), len(every), lines, with_last_tests(some), page)


def with_last_tests(lines: Sequence[IssueLine]) -> Sequence[IssueLine]:
    """The same, each with what its last test showed: one statement."""
    health_states = read_states([line.id for line in lines])
    return [
        _with_last_test(line, health_states[line.id].facts.tests)
        if line.id in health_states
        else line
        for line in lines
    ]


def _with_last_test(line: IssueLine, last_test: UserTestFacts) -> IssueLine:
    return IssueLine(**{**vars(line), "last_test": last_test})


def _select_teams(*conditions: Any) -> Select[Any]:
    return (
        select(
            ProjectFigures.project_id,
            Project.slug,
            Project.acronym,
            Project.organisation,
            Project.starts_on,
            ProjectFigures.state,
            *_COLUMNS,
        )
        .select_from(ProjectFigures)
        .join(Project, Project.id == ProjectFigures.project_id)
        .outerjoin(ConcernFigures, ConcernFigures.project_id == ProjectFigures.project_id)
        .where(in_programme, TEAMS_VISIBLE, *conditions)
        .order_by(*by_name)
    )


# In the order of `facts.Kept`.
_COLUMNS = tuple(getattr(ConcernFigures, name) for name in IssueFigures.__dataclass_fields__)
_SELECT_ALL = _select_teams()


@dataclass(frozen=True)
class _CacheKey:
    """Whose lines: they follow from this, and from what was done up to a seal of the trail."""

    as_of: str
    roles: frozenset[tuple[UUID, frozenset[Role]]]
    programme_id: UUID
    day: date
    actor: Actor = field(compare=False)
    programme: Programme = field(compare=False)


def _list_lines(actor: Actor, programme: Programme, day: date) -> Sequence[IssueLine]:
    """All teams of the programme that the actor sees, by name; read once while nobody has done
    anything."""
    roles = frozenset(actor.roles.items())
    cache_key = _CacheKey(actor.as_of, roles, programme.id, day, actor, programme)
    return _read_lines(cache_key) if actor.as_of else _read_lines.__wrapped__(cache_key)


def clear_cache() -> None:
    """For whoever writes without the trail."""
    _read_lines.cache_clear()


@lru_cache(maxsize=CACHE_SIZE)
def _read_lines(of: _CacheKey) -> Sequence[IssueLine]:
    review_gates = {
        kind: ReviewGate(definition.number, definition.terms.month)
        for definition in list_definitions(of.programme_id)
        for kind, predicate in _REVIEW_PREDICATES.items()
        if predicate in definition.predicates
    }
    parameters = {"programme": of.programme_id, **reach_of(of.actor)}
    return [
        _build_line(of.actor, of.programme, review_gates, of.day, row)
        for row in fetch_rows(_SELECT_ALL, parameters)
    ]


def _build_line(
    actor: Actor, programme: Programme, review_gates: Mapping[str, ReviewGate], day: date, row: Any
) -> IssueLine:
    id_, slug, acronym, organisation, starts_on, state, *values = row
    sees = policy.get_visibility(actor, programme, id_)
    goes_on = state is ProjectState.ACTIVE
    standing = assess_issues(
        _to_figures(values), review_gates, starts_on, day, goes_on=goes_on, sees=sees
    )
    return IssueLine(id_, slug, acronym or organisation, organisation, state, sees, standing)


def _to_figures(values: Sequence[Any]) -> IssueFigures:
    """From the values of the columns; of a project that has no row yet, nothing is open."""
    if values[0] is None:
        return IssueFigures()
    findings, number, since, reviews, conditions, n, on, waived, high, measures, *sheet = values
    return IssueFigures(
        tuple(findings),
        number,
        since,
        tuple(map(review_from_plain, reviews)),
        parse_days(conditions),
        n,
        on,
        tuple(waived),
        high,
        parse_days(measures),
        *sheet,
    )


def _find_matching_ids(
    actor: Actor, programme: Programme, filters: IssueFilters
) -> set[UUID] | None:
    """Whom the filters about the team itself let through, as the portfolio has them; None: all."""
    team_filters = {name: getattr(filters, name) for name in TEAM_FILTERS}
    names = [name for name, value in team_filters.items() if value]
    if not names:
        return None
    statement = select(ProjectFigures.project_id).where(
        in_programme, TEAMS_VISIBLE, *(FILTER_CONDITIONS[name] for name in names)
    )
    parameters = {"programme": programme.id, **reach_of(actor)}
    return {
        row[0]
        for row in fetch_rows(
            statement,
            parameters | dict(filter_parameters(portfolio.PortfolioFilters(**team_filters))),
        )
    }


_MATCHERS: Mapping[Any, Callable[[TeamIssues], object]] = {
    SeverityFilter.SEVERE: lambda issues: issues.severe,
    SeverityFilter.CATASTROPHIC: lambda issues: issues.catastrophic,
    EthicsFilter.OVERDUE: lambda issues: issues.reviews_late,
    EthicsFilter.WAITING: lambda issues: issues.waiting,
    EthicsFilter.STALE: lambda issues: issues.triggers,
    EthicsFilter.CONDITIONS: lambda issues: issues.conditions_late,
    RisksFilter.HIGH: lambda issues: issues.high,
    RisksFilter.OVERDUE: lambda issues: issues.measures_late,
    SheetFilter.PUBLISHED: lambda issues: issues.sheet == "published",
    SheetFilter.MISSING: lambda issues: issues.sheet != "published",
}


def _matches(issues: TeamIssues, filters: IssueFilters) -> bool:
    if not filters.has_issue_filter:
        return True
    criteria = (filters.severity, filters.ethics, filters.risks, filters.sheet)
    late = issues.late_count if filters.overdue else True
    return (
        issues.goes_on and bool(late) and all(_MATCHERS[each](issues) for each in criteria if each)
    )


# What is equal stays by name.
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
        min((each.due_on for each in issues.expected if each.is_late), default=date.max),
        -(issues.conditions_late or 0),
        -issues.triggers,
        -len(issues.waiting),
    ),
    IssueSort.RISKS: lambda issues: (-(issues.measures_late or 0), -issues.high),
    IssueSort.ORGANISATION: lambda _issues: (),
}


def _sum_totals(every: Sequence[IssueLine]) -> IssueTotals:
    some = [line.standing for line in every if line.standing.goes_on]
    since = [issues.severe_since for issues in some if issues.severe_since]
    return IssueTotals(
        teams=len(some),
        severe=sum(issues.severe for issues in some),
        catastrophic=sum(issues.catastrophic for issues in some),
        severe_teams=sum(issues.severe > 0 for issues in some),
        severe_since=min(since, default=None),
        reviews_late=sum(issues.reviews_late for issues in some),
        waiting=sum(len(issues.waiting) for issues in some),
        triggers=sum(issues.triggers for issues in some),
        conditions_late=_sum_visible([issues.conditions_late for issues in some]),
        high=sum(issues.high for issues in some),
        measures_late=_sum_visible([issues.measures_late for issues in some]),
        published=sum(issues.sheet == "published" for issues in some),
    )


def _sum_visible(counts: Sequence[int | None]) -> int | None:
    """Of those that are known; None where none is."""
    visible_counts = [count for count in counts if count is not None]
    return sum(visible_counts) if visible_counts else None
