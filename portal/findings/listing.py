"""A project's findings, a page at a time, each page from where the last one ended."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select

from portal.accounts.models import Person
from portal.backlog.models import Item
from portal.findings.models import SEVERE, Finding, Retest
from portal.findings.standing import SEEN, STANDING, Standing
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, of_project
from portal.prototypes.models import PrototypeVersion
from portal.user_tests.models import TestRound

RETESTS_MAX = 100  # findings that one screen asks about
UNRATED_RANK = 25  # between what is severe for certain and what is minor for certain
PLACE = re.compile(r"([0-9]{1,2})\.([0-9]{1,4})\Z")

NOBODY = "nobody"
UNRATED = "unrated"
SEVERE_ONES = "severe"
GROUPS = ("open", "closed", "all")  # of states; each state can be asked for by itself, too


class Sort(StrEnum):
    """What comes first."""

    SEVERITY = "severity"  # the most severe, then the one that was noted first
    AGE = "age"  # the one that was noted first
    LATEST = "latest"


@dataclass(frozen=True)
class Filters:
    """How a list is narrowed and sorted. `after` is the last line of the page before."""

    state: str = "open"
    severity: str = ""
    harm: bool = False
    round: int | None = None
    owner: str = ""
    sort: Sort = Sort.SEVERITY
    after: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.state != "open" or self.severity or self.harm or self.round or self.owner)

    @property
    def query(self) -> Mapping[str, Any]:
        """As an address carries it, without what is usual."""
        given = {
            "state": "" if self.state == "open" else self.state,
            "severity": self.severity,
            "harm": "1" if self.harm else "",
            "round": self.round or "",
            "owner": self.owner,
            "sort": "" if self.sort is Sort.SEVERITY else self.sort.value,
            "after": self.after,
        }
        return {name: value for name, value in given.items() if value != ""}

    def from_(self, place: str) -> "Filters":
        return replace(self, after=place)


@dataclass(frozen=True)
class Listed:
    """A finding as a list shows it: with the numbers of its round and version, in how many sessions
    it was seen, who sees to it, its item's number."""

    finding: Finding
    standing: Standing
    round: int
    version: int
    seen: int
    owner: str | None
    item: int | None


@dataclass(frozen=True)
class ToRetest:
    """A finding that a round on a later version may show or not: with the numbers of its own round
    and version, and what this round said of it already, by whom."""

    finding: Finding
    standing: Standing
    round: int
    version: int
    retest: Retest | None
    who: str | None


@dataclass(frozen=True)
class Listing:
    """`next` is where the next page begins, "" on the last; `count` is the length of the whole,
    `total` that of the project's list without any filter."""

    lines: Sequence[Listed]
    count: int
    total: int
    next: str


OPEN = Finding.closed_at.is_(None)
_rank = case((Finding.severity.is_(None), UNRATED_RANK), else_=Finding.severity * 10)
ORDERS: Mapping[Sort, tuple[Any, ...]] = {
    Sort.SEVERITY: (_rank.desc(), Finding.number),
    Sort.AGE: (Finding.number,),
    Sort.LATEST: (Finding.number.desc(),),
}


def list_findings(actor: Actor, project: Project, filters: Filters) -> Listing:
    """Never more than a page, and the same statements whatever there is."""
    mine = all_of(actor, project)
    chosen = mine.where(*_narrow(filters))
    counts = [one.with_only_columns(func.count()).scalar_subquery() for one in (chosen, mine)]
    count, total = db.session.execute(select(*counts)).one()
    page = told(chosen).where(*_after(filters)).order_by(*ORDERS[filters.sort])
    found = db.session.execute(page.limit(PER_PAGE + 1)).all()
    lines = [line_of(row) for row in found[:PER_PAGE]]
    more = len(found) > PER_PAGE
    return Listing(lines, count, total, _place(lines[-1].finding) if more else "")


def all_of(actor: Actor, project: Project) -> Select[Any]:
    """The findings of a project, each with its item and its round."""
    mine = of_project(actor, Finding, project).outerjoin(Item, Item.id == Finding.item_id)
    return mine.join(TestRound, TestRound.id == Finding.round_id)


def list_for_retest(
    actor: Actor, project: Project, round_: TestRound, version: PrototypeVersion
) -> Sequence[ToRetest]:
    """Findings of earlier versions, open ones first, the most severe on top."""
    of_round = and_(Retest.finding_id == Finding.id, Retest.round_id == round_.id)
    earlier = (
        of_project(actor, Finding, project)
        .add_columns(STANDING, TestRound.number, PrototypeVersion.number, Retest, Person.name)
        .outerjoin(Item, Item.id == Finding.item_id)
        .join(TestRound, TestRound.id == Finding.round_id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .outerjoin(Retest, of_round)
        .outerjoin(Person, Person.id == Retest.noted_by_id)
        .where(Finding.merged_into_id.is_(None), PrototypeVersion.number < version.number)
        .order_by(Finding.closed_at.is_not(None), *ORDERS[Sort.SEVERITY])
    )
    rows = db.session.execute(earlier.limit(RETESTS_MAX))
    return [ToRetest(row[0], Standing(row[1]), *row[2:]) for row in rows]


def told(chosen: Select[Any]) -> Select[Any]:
    """What a list says of findings that `all_of` began; `line_of` reads each row."""
    return (
        chosen.add_columns(
            STANDING, TestRound.number, PrototypeVersion.number, SEEN, Person.name, Item.number
        )
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .outerjoin(Person, Person.id == Finding.owner_id)
    )


def line_of(row: Sequence[Any]) -> Listed:
    finding, standing, *rest = row
    return Listed(finding, Standing(standing), *rest)


def _narrow(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.state == "open":
        conditions.append(OPEN)
    elif filters.state == "closed":
        conditions.append(~OPEN)
    elif filters.state != "all":
        conditions.append(STANDING.in_([filters.state]))
    if filters.severity == UNRATED:
        conditions.append(Finding.severity.is_(None))
    elif filters.severity == SEVERE_ONES:
        conditions.append(Finding.severity >= SEVERE)
    elif filters.severity:
        conditions.append(Finding.severity == int(filters.severity))
    if filters.harm:
        conditions.append(Finding.is_harm.is_(True))
    if filters.round:
        conditions.append(TestRound.number == filters.round)
    if filters.owner:
        nobody = filters.owner == NOBODY
        conditions.append(Finding.owner_id == (None if nobody else UUID(filters.owner)))
    return conditions


def _place(finding: Finding) -> str:
    """Where a finding stands in any order: what a page's last line hands to the next page."""
    rank = UNRATED_RANK if finding.severity is None else finding.severity * 10
    return f"{rank}.{finding.number}"


def _after(filters: Filters) -> list[ColumnElement[bool]]:
    found = PLACE.fullmatch(filters.after)
    if found is None:
        return []
    rank, number = (int(part) for part in found.groups())
    if filters.sort is Sort.AGE:
        return [Finding.number > number]
    if filters.sort is Sort.LATEST:
        return [Finding.number < number]
    return [or_(_rank < rank, and_(_rank == rank, Finding.number > number))]


def _of_bound_project(*conditions: Any) -> Any:
    mine = select(func.count()).where(Finding.project_id == bindparam("project"), *conditions)
    return mine.scalar_subquery()


# What a project's own page says, each about the project bound as `project`.
FIGURES = (
    _of_bound_project(),
    _of_bound_project(OPEN),
    _of_bound_project(OPEN, Finding.severity >= SEVERE),
    _of_bound_project(OPEN, Finding.severity.is_(None)),
)
