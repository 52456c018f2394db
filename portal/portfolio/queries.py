"""Reading all teams at once, from figures that are kept: nothing is counted over all sprints.

A statement is made once, here or by a function that remembers it, and filled at each visit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, select

from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.clock import DEFAULT_ZONE
from portal.kernel.db import db
from portal.portfolio import policy, urgency
from portal.portfolio.listing import PER_PAGE, Filters, Sort, pages_of
from portal.portfolio.narrowing import FILTERS, ORDERS, by_name, in_programme, values_of
from portal.portfolio.teams import CHOSEN, Team, statement_for, team_of
from portal.programmes.models import Programme
from portal.projects.models import ProjectFigures


@dataclass(frozen=True)
class Page:
    """The teams of one page, out of all that the filters let through."""

    teams: Sequence[Team]
    count: int
    number: int

    @property
    def pages(self) -> int:
        return pages_of(self.count)


def _has_teams() -> ColumnElement[bool]:
    mine = exists().where(ProjectFigures.programme_id == Programme.id, policy.TEAMS_VISIBLE)
    return mine.correlate(Programme)


_PROGRAMMES = (
    select(Programme)
    .where(policy.VISIBLE)
    .order_by(case((_has_teams(), 0), else_=1), Programme.starts_on.desc(), Programme.slug)
)


def list_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes whose portfolio the actor may open: with teams first, then the latest."""
    return db.session.scalars(_PROGRAMMES, policy.reach_of(actor)).all()


def read_page(
    actor: Actor, programme: Programme, filters: Filters, found: int, zone: str = DEFAULT_ZONE
) -> Page:
    """The page asked for of the `found` teams of a programme, or the last when there are fewer."""
    number = min(filters.page, pages_of(found))
    statement = _page_statement(filters.sort, filters.narrowing)
    place = {"limit": PER_PAGE, "offset": (number - 1) * PER_PAGE}
    given = {"programme": programme.id, **values_of(filters), **place}
    return Page(_read(statement, given, actor, zone), found, number)


def list_coached_teams(actor: Actor, zone: str = DEFAULT_ZONE) -> Sequence[Team]:
    """The teams the actor coaches, in every programme, the most urgent first."""
    return _read(_COACHED, {}, actor, zone)


def list_help_requests(actor: Actor, zone: str = DEFAULT_ZONE) -> Sequence[Team]:
    """Teams whose last close asks for help, the longest waiting first: for coaches and leads."""
    return _read(_HELPED, {}, actor, zone)


def _read(
    statement: Select[Any], given: Mapping[str, Any], actor: Actor, zone: str
) -> Sequence[Team]:
    today, place = clock.today(zone), ZoneInfo(zone)
    given = {**given, **policy.reach_of(actor), **urgency.day_of(today, zone)}
    return [
        team_of(tuple(row), actor, today, place) for row in db.session.execute(statement, given)
    ]


@lru_cache(maxsize=256)
def _page_statement(sort: Sort, narrowing: frozenset[str]) -> Select[Any]:
    conditions = (in_programme, policy.TEAMS_VISIBLE, *(FILTERS[name] for name in narrowing))
    return _in_order(ORDERS[sort], conditions, limited=True)


def _in_order(
    order: Sequence[Any], conditions: Sequence[ColumnElement[bool]], *, limited: bool = False
) -> Select[Any]:
    """The lines of the teams that meet the conditions: chosen by their figures alone, then read."""
    keys = [key.label(f"key_{place}") for place, key in enumerate(order)]
    chosen = select(*CHOSEN, *keys).where(*conditions).order_by(*keys)
    if limited:
        chosen = chosen.limit(bindparam("limit")).offset(bindparam("offset"))
    subquery = chosen.subquery("chosen")
    return statement_for(subquery).order_by(*(subquery.c[key.name] for key in keys))


_COACHED = _in_order(ORDERS[Sort.ATTENTION], [policy.TEAMS_COACHED])
_HELPED = _in_order((ProjectFigures.silent_since, *by_name), [policy.TEAMS_HELPED, urgency.asking])
