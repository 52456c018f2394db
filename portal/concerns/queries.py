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

from portal.concerns import policy
from portal.concerns.facts import Kept, days_of, from_plain
from portal.concerns.listing import (
    OF_TEAM,
    PER_PAGE,
    Ethics,
    Filters,
    Risks,
    Severity,
    Sheet,
    Sort,
    pages_of,
)
from portal.concerns.models import ConcernFigures
from portal.concerns.standing import EXPOSURE, FRAMING, Asked, Sees, Standing, stand
from portal.gates.queries import list_definitions
from portal.health.facts import Tried
from portal.health.queries import states_of
from portal.kernel import clock
from portal.kernel.access import Actor, Role
from portal.kernel.clock import DEFAULT_ZONE
from portal.kernel.db import rows
from portal.portfolio import listing as portfolio
from portal.portfolio.narrowing import FILTERS, by_name, in_programme, values_of
from portal.portfolio.policy import TEAMS_VISIBLE, reach_of
from portal.programmes.models import Programme
from portal.projects.models import Project, ProjectFigures, ProjectState

REMEMBERED = 16  # readings, of some 2 kB a team
# The predicate by which a gate asks for a review of each kind.
_ASKS = {FRAMING: "framing_decided", EXPOSURE: "exposure_reviewed"}


@dataclass(frozen=True)
class Line:
    """A team in the list. `tried` is known of those on a page: its last test with users."""

    id: UUID
    slug: str
    name: str
    organisation: str
    state: ProjectState
    sees: Sees
    standing: Standing
    tried: Tried | None = None


@dataclass(frozen=True)
class Totals:
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
class Overview:
    """`lines` are those the filters let through, all of them; `shown` those of the page."""

    totals: Totals
    count_all: int
    lines: Sequence[Line]
    shown: Sequence[Line]
    page: int

    @property
    def pages(self) -> int:
        return pages_of(len(self.lines))


def read_overview(
    actor: Actor, programme: Programme, filters: Filters, zone: str = DEFAULT_ZONE
) -> Overview:
    """The page asked for, or the last one when there are fewer."""
    every = _lines(actor, programme, clock.today(zone))
    chosen = _chosen_ids(actor, programme, filters)
    lines = [
        one
        for one in every
        if (chosen is None or one.id in chosen) and _passes(one.standing, filters)
    ]
    lines.sort(key=lambda one: (not one.standing.goes_on, _ORDERS[filters.sort](one.standing)))
    page = min(filters.page, pages_of(len(lines)))
    some = lines[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Overview(_total(every), len(every), lines, with_tests(some), page)


def with_tests(lines: Sequence[Line]) -> Sequence[Line]:
    """The same, each with what its last test showed: one statement."""
    known = states_of([one.id for one in lines])
    return [_tested(one, known[one.id].facts.tests) if one.id in known else one for one in lines]


def _tested(line: Line, tried: Tried) -> Line:
    return Line(**{**vars(line), "tried": tried})


def _of_teams(*conditions: Any) -> Select[Any]:
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
_COLUMNS = tuple(getattr(ConcernFigures, name) for name in Kept.__dataclass_fields__)
_EVERY = _of_teams()


@dataclass(frozen=True)
class _Asked:
    """Whose lines: they follow from this, and from what was done up to a seal of the trail."""

    as_of: str
    roles: frozenset[tuple[UUID, frozenset[Role]]]
    programme_id: UUID
    day: date
    actor: Actor = field(compare=False)
    programme: Programme = field(compare=False)


def _lines(actor: Actor, programme: Programme, day: date) -> Sequence[Line]:
    """All teams of the programme that the actor sees, by name; read once while nobody has done
    anything."""
    roles = frozenset(actor.roles.items())
    asked = _Asked(actor.as_of, roles, programme.id, day, actor, programme)
    return _read(asked) if actor.as_of else _read.__wrapped__(asked)


def forget() -> None:
    """For whoever writes without the trail."""
    _read.cache_clear()


@lru_cache(maxsize=REMEMBERED)
def _read(of: _Asked) -> Sequence[Line]:
    asked = {
        kind: Asked(one.number, one.terms.month)
        for one in list_definitions(of.programme_id)
        for kind, predicate in _ASKS.items()
        if predicate in one.predicates
    }
    given = {"programme": of.programme_id, **reach_of(of.actor)}
    return [_line(of.actor, of.programme, asked, of.day, row) for row in rows(_EVERY, given)]


def _line(
    actor: Actor, programme: Programme, asked: Mapping[str, Asked], day: date, row: Any
) -> Line:
    id_, slug, acronym, organisation, starts_on, state, *told = row
    sees = policy.sees(actor, programme, id_)
    goes_on = state is ProjectState.ACTIVE
    standing = stand(_kept(told), asked, starts_on, day, goes_on=goes_on, sees=sees)
    return Line(id_, slug, acronym or organisation, organisation, state, sees, standing)


def _kept(told: Sequence[Any]) -> Kept:
    """From the values of the columns; of a project that has no row yet, nothing is open."""
    if told[0] is None:
        return Kept()
    findings, number, since, reviews, conditions, n, on, waived, high, measures, *sheet = told
    return Kept(
        tuple(findings),
        number,
        since,
        tuple(map(from_plain, reviews)),
        days_of(conditions),
        n,
        on,
        tuple(waived),
        high,
        days_of(measures),
        *sheet,
    )


def _chosen_ids(actor: Actor, programme: Programme, filters: Filters) -> set[UUID] | None:
    """Whom the filters about the team itself let through, as the portfolio has them; None: all."""
    asked = {name: getattr(filters, name) for name in OF_TEAM}
    names = [name for name, value in asked.items() if value]
    if not names:
        return None
    mine = select(ProjectFigures.project_id).where(
        in_programme, TEAMS_VISIBLE, *(FILTERS[name] for name in names)
    )
    given = {"programme": programme.id, **reach_of(actor)}
    return {row[0] for row in rows(mine, given | dict(values_of(portfolio.Filters(**asked))))}


_PASSES: Mapping[Any, Callable[[Standing], object]] = {
    Severity.SEVERE: lambda one: one.severe,
    Severity.CATASTROPHIC: lambda one: one.catastrophic,
    Ethics.OVERDUE: lambda one: one.reviews_late,
    Ethics.WAITING: lambda one: one.waiting,
    Ethics.STALE: lambda one: one.triggers,
    Ethics.CONDITIONS: lambda one: one.conditions_late,
    Risks.HIGH: lambda one: one.high,
    Risks.OVERDUE: lambda one: one.measures_late,
    Sheet.PUBLISHED: lambda one: one.sheet == "published",
    Sheet.MISSING: lambda one: one.sheet != "published",
}


def _passes(one: Standing, filters: Filters) -> bool:
    if not filters.asks_matter:
        return True
    asked = (filters.severity, filters.ethics, filters.risks, filters.sheet)
    late = one.late if filters.overdue else True
    return one.goes_on and bool(late) and all(_PASSES[each](one) for each in asked if each)


# What is equal stays by name.
_ORDERS: Mapping[Sort, Callable[[Standing], tuple[Any, ...]]] = {
    Sort.SEVERITY: lambda one: (
        -one.catastrophic,
        -one.severe,
        -one.late,
        -one.triggers,
        -one.high,
    ),
    Sort.AGE: lambda one: (one.severe_since or date.max,),
    Sort.ETHICS: lambda one: (
        -one.reviews_late,
        min((each.due_on for each in one.expected if each.is_late), default=date.max),
        -(one.conditions_late or 0),
        -one.triggers,
        -len(one.waiting),
    ),
    Sort.RISKS: lambda one: (-(one.measures_late or 0), -one.high),
    Sort.ORGANISATION: lambda _one: (),
}


def _total(every: Sequence[Line]) -> Totals:
    some = [one.standing for one in every if one.standing.goes_on]
    since = [one.severe_since for one in some if one.severe_since]
    return Totals(
        teams=len(some),
        severe=sum(one.severe for one in some),
        catastrophic=sum(one.catastrophic for one in some),
        severe_teams=sum(one.severe > 0 for one in some),
        severe_since=min(since, default=None),
        reviews_late=sum(one.reviews_late for one in some),
        waiting=sum(len(one.waiting) for one in some),
        triggers=sum(one.triggers for one in some),
        conditions_late=_sum([one.conditions_late for one in some]),
        high=sum(one.high for one in some),
        measures_late=_sum([one.measures_late for one in some]),
        published=sum(one.sheet == "published" for one in some),
    )


def _sum(told: Sequence[int | None]) -> int | None:
    """Of those that are known; None where none is."""
    known = [one for one in told if one is not None]
    return sum(known) if known else None
