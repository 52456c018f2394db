"""List a project's findings with filters and keyset pagination."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    PER_PAGE,
    bound_select_parameters,
    select_bound_in_project,
    select_in_project,
)
from portal.sprints.backlog.models import Item
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings.models import SEVERE, Finding, Retest
from portal.user_tests.findings.state_queries import FINDING_STATE, SESSION_COUNT, FindingState
from portal.user_tests.rounds.models import TestRound

RETESTS_MAX = 100  # findings in one form
UNRATED_RANK = 25  # sorts unrated findings between severity 2 and 3
CURSOR = re.compile(r"([0-9]{1,2})\.([0-9]{1,4})\Z")

NOBODY = "nobody"
UNRATED = "unrated"
SEVERE_FILTER = "severe"
GROUPS = ("open", "closed", "all")  # of states; a single state is a valid filter too


class FindingSort(StrEnum):
    """Sort order of the list."""

    SEVERITY = "severity"  # the most severe first, then the oldest
    AGE = "age"  # the oldest first
    LATEST = "latest"


@dataclass(frozen=True)
class FindingFilters:
    """Filters and order of a list. `after` is the cursor: the last line of the page before."""

    state: str = "open"
    severity: str = ""
    harm: bool = False
    round: int | None = None
    owner: str = ""
    sort: FindingSort = FindingSort.SEVERITY
    after: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.state != "open" or self.severity or self.harm or self.round or self.owner)

    @property
    def query(self) -> Mapping[str, Any]:
        """Return the query parameters, without defaults."""
        params = {
            "state": "" if self.state == "open" else self.state,
            "severity": self.severity,
            "harm": "1" if self.harm else "",
            "round": self.round or "",
            "owner": self.owner,
            "sort": "" if self.sort is FindingSort.SEVERITY else self.sort.value,
            "after": self.after,
        }
        return {name: value for name, value in params.items() if value != ""}

    def starting_after(self, cursor: str) -> "FindingFilters":
        return replace(self, after=cursor)


@dataclass(frozen=True)
class FindingRow:
    """A finding in a list. `round`, `version` and `item` are numbers, `owner` is a name;
    `session_count`: sessions that showed it."""

    finding: Finding
    state: FindingState
    round: int
    version: int
    session_count: int
    owner: str | None
    item: int | None


@dataclass(frozen=True)
class RetestCandidate:
    """A finding that a round on a later version may retest. `round` and `version` are numbers of
    its own round; `retest` is this round’s answer, by `who`."""

    finding: Finding
    state: FindingState
    round: int
    version: int
    retest: Retest | None
    who: str | None


@dataclass(frozen=True)
class FindingPage:
    """A page of findings. `next` is the cursor of the next page, "" on the last; `count` is the
    number of matching findings, `total` that of all in the project."""

    lines: Sequence[FindingRow]
    count: int
    total: int
    next: str


OPEN = Finding.closed_at.is_(None)
_rank = case((Finding.severity.is_(None), UNRATED_RANK), else_=Finding.severity * 10)
ORDERS: Mapping[FindingSort, tuple[Any, ...]] = {
    FindingSort.SEVERITY: (_rank.desc(), Finding.number),
    FindingSort.AGE: (Finding.number,),
    FindingSort.LATEST: (Finding.number.desc(),),
}


def read_findings_page(actor: Actor, project: Project, filters: FindingFilters) -> FindingPage:
    """Return a page of findings, in a constant number of statements."""
    project_findings = select_findings(actor, project)
    matching_findings = project_findings.where(*_translate_filters_to_conditions(filters))
    counts = [
        findings.with_only_columns(func.count()).scalar_subquery()
        for findings in (matching_findings, project_findings)
    ]
    count, total = db.session.execute(select(*counts)).one()
    page = (
        add_list_columns(matching_findings)
        .where(*_list_cursor_conditions(filters))
        .order_by(*ORDERS[filters.sort])
    )
    rows = db.session.execute(page.limit(PER_PAGE + 1)).all()
    lines = [build_finding_row(row) for row in rows[:PER_PAGE]]
    more = len(rows) > PER_PAGE
    return FindingPage(lines, count, total, _format_page_cursor(lines[-1].finding) if more else "")


def select_findings(actor: Actor, project: Project) -> Select[Any]:
    """Select the findings of a project, joined with item and round."""
    project_findings = select_in_project(actor, Finding, project).outerjoin(Item, Item.id == Finding.item_id)
    return project_findings.join(TestRound, TestRound.id == Finding.round_id)


def list_retest_candidates(
    actor: Actor, project: Project, round_: TestRound, version: PrototypeVersion
) -> Sequence[RetestCandidate]:
    """Return findings of earlier versions, open ones first, the most severe first."""
    values = {"round": round_.id, "version": version.number, **bound_select_parameters(actor, project)}
    rows = db.session.execute(_EARLIER, values)
    return [RetestCandidate(row[0], FindingState(row[1]), *row[2:]) for row in rows]


_EARLIER = (
    select_bound_in_project(Finding)
    .add_columns(FINDING_STATE, TestRound.number, PrototypeVersion.number, Retest, Person.name)
    .outerjoin(Item, Item.id == Finding.item_id)
    .join(TestRound, TestRound.id == Finding.round_id)
    .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    .outerjoin(Retest, and_(Retest.finding_id == Finding.id, Retest.round_id == bindparam("round")))
    .outerjoin(Person, Person.id == Retest.noted_by_id)
    .where(Finding.merged_into_id.is_(None), PrototypeVersion.number < bindparam("version"))
    .order_by(Finding.closed_at.is_not(None), *ORDERS[FindingSort.SEVERITY])
    .limit(RETESTS_MAX)
)


def add_list_columns(findings: Select[Any]) -> Select[Any]:
    """Add the columns of `FindingRow` to a statement of `select_findings`; see `build_finding_row`."""
    return (
        findings.add_columns(
            FINDING_STATE, TestRound.number, PrototypeVersion.number, SESSION_COUNT, Person.name, Item.number
        )
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .outerjoin(Person, Person.id == Finding.owner_id)
    )


def build_finding_row(row: Sequence[Any]) -> FindingRow:
    finding, state, *rest = row
    return FindingRow(finding, FindingState(state), *rest)


def build_filter_conditions(project: Project, values: Mapping[str, Any]) -> Sequence[ColumnElement[bool]]:
    """The conditions on rows of findings of a project that the filters of these names make."""
    filters = FindingFilters(**values)
    if not replace(filters, state="open").is_filtered and filters.state == "all":
        return ()
    matching = select(Finding.id).select_from(Finding).outerjoin(Item, Item.id == Finding.item_id)
    matching = matching.join(TestRound, TestRound.id == Finding.round_id)
    matching = matching.where(Finding.project_id == project.id, *_translate_filters_to_conditions(filters))
    return [Finding.id.in_(matching.correlate(None))]


def _translate_filters_to_conditions(filters: FindingFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.state == "open":
        conditions.append(OPEN)
    elif filters.state == "closed":
        conditions.append(~OPEN)
    elif filters.state != "all":
        conditions.append(FINDING_STATE.in_([filters.state]))
    if filters.severity == UNRATED:
        conditions.append(Finding.severity.is_(None))
    elif filters.severity == SEVERE_FILTER:
        conditions.append(Finding.severity >= SEVERE)
    elif filters.severity:
        conditions.append(Finding.severity == int(filters.severity))
    if filters.harm:
        conditions.append(Finding.is_harm.is_(True))
    if filters.round:
        conditions.append(TestRound.number == filters.round)
    if filters.owner:
        is_unassigned = filters.owner == NOBODY
        conditions.append(Finding.owner_id == (None if is_unassigned else UUID(filters.owner)))
    return conditions


def _format_page_cursor(finding: Finding) -> str:
    """Return the cursor of a finding, valid for every sort order."""
    rank = UNRATED_RANK if finding.severity is None else finding.severity * 10
    return f"{rank}.{finding.number}"


def _list_cursor_conditions(filters: FindingFilters) -> list[ColumnElement[bool]]:
    match = CURSOR.fullmatch(filters.after)
    if match is None:
        return []
    rank, number = (int(part) for part in match.groups())
    if filters.sort is FindingSort.AGE:
        return [Finding.number > number]
    if filters.sort is FindingSort.LATEST:
        return [Finding.number < number]
    return [or_(_rank < rank, and_(_rank == rank, Finding.number > number))]


def _select_finding_count_in_bound_project(*conditions: Any) -> Any:
    finding_count = select(func.count()).where(Finding.project_id == bindparam("project"), *conditions)
    return finding_count.scalar_subquery()


# Counts for a project page, each of the bound `project`.
FIGURES = (
    _select_finding_count_in_bound_project(),
    _select_finding_count_in_bound_project(OPEN),
    _select_finding_count_in_bound_project(OPEN, Finding.severity >= SEVERE),
    _select_finding_count_in_bound_project(OPEN, Finding.severity.is_(None)),
)
