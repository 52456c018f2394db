"""The key figures of a portfolio, counted by the database over figures that are kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true

from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.clock import DEFAULT_ZONE
from portal.kernel.db import db
from portal.portfolio import policy, urgency
from portal.portfolio.attention import Level
from portal.portfolio.listing import Filters, Sort
from portal.portfolio.narrowing import FILTERS, ORDERS, in_programme, values_of
from portal.programmes.models import Programme
from portal.projects.models import Project, ProjectFigures

COUNTED = ("teams", "found", "to_help", "to_watch", "asking", "silent")
NAMED = 3  # teams that a key figure names
_figures = ProjectFigures


@dataclass(frozen=True)
class Name:
    """A team where it is only named."""

    slug: str
    short_name: str
    opens: bool


@dataclass(frozen=True)
class Glance:
    """What a portfolio answers first if asked aloud. Names are those of the most urgent."""

    teams: int = 0
    found: int = 0  # that the filters let through
    to_help: int = 0
    to_watch: int = 0
    asking: int = 0
    silent: int = 0
    longest_wait: int = 0  # days since the oldest request for help
    names_to_help: Sequence[Name] = ()
    names_to_watch: Sequence[Name] = ()


def read_glance(
    actor: Actor, programme: Programme, filters: Filters, zone: str = DEFAULT_ZONE
) -> Glance:
    """The key figures of a programme, over all the teams that the actor may see in it."""
    given = {"programme": programme.id, **values_of(filters)}
    found = _read(actor, _counts(filters.narrowing, one=True), _names(one=True), given, zone)
    return found.get(programme.id, Glance())


def read_every_glance(actor: Actor, zone: str = DEFAULT_ZONE) -> Mapping[UUID, Glance]:
    """The key figures of every programme in which the actor may see teams."""
    return _read(actor, _counts(frozenset(), one=False), _names(one=False), {}, zone)


def _read(
    actor: Actor, counts: Select[Any], names: Select[Any], given: Mapping[str, Any], zone: str
) -> Mapping[UUID, Glance]:
    """By programme."""
    today, place = clock.today(zone), ZoneInfo(zone)
    given = {**given, **policy.reach_of(actor), **urgency.day_of(today, zone)}
    named: dict[tuple[UUID, Level], list[Name]] = defaultdict(list)
    for programme_id, level, project_id, slug, name in db.session.execute(names, given):
        opens = policy.reads_team(actor, project_id, programme_id)
        named[programme_id, Level(level)].append(Name(slug, name, opens))
    glances = {}
    for row in db.session.execute(counts, given):
        programme_id, oldest = row[0], row[-1]
        waited = (today - oldest.astimezone(place).date()).days if oldest else 0
        glances[programme_id] = Glance(
            **dict(zip(COUNTED, row[1:-1], strict=True)),
            longest_wait=max(0, waited),
            names_to_help=named[programme_id, Level.ALERT],
            names_to_watch=named[programme_id, Level.WARN],
        )
    return glances


@lru_cache(maxsize=256)
def _counts(narrowing: frozenset[str], *, one: bool) -> Select[Any]:
    is_alert = urgency.score >= urgency.LEAST[Level.ALERT]
    is_warned = urgency.score.between(urgency.LEAST[Level.WARN], urgency.LEAST[Level.ALERT] - 1)
    is_wanted = and_(true(), *(FILTERS[name] for name in narrowing))
    conditions = (is_wanted, is_alert, is_warned, urgency.asking, urgency.silent)
    counts: list[ColumnElement[Any]] = [func.count(), *(_count_if(each) for each in conditions)]
    oldest = func.min(case((urgency.asking, _figures.silent_since)))
    counted = _seen(one).with_only_columns(_figures.programme_id, *counts, oldest)
    return counted.group_by(_figures.programme_id)


def _seen(one: bool) -> Select[Any]:
    """Teams that the actor may see, of one programme or of all."""
    seen = select(_figures.programme_id).where(policy.TEAMS_VISIBLE)
    return seen.where(in_programme) if one else seen


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


@lru_cache(maxsize=2)
def _names(*, one: bool) -> Select[Any]:
    """The first names of each level."""
    is_alert = urgency.score >= urgency.LEAST[Level.ALERT]
    level = case((is_alert, Level.ALERT.value), else_=Level.WARN.value)
    place = func.row_number().over(
        partition_by=(_figures.programme_id, level), order_by=ORDERS[Sort.ATTENTION]
    )
    figures = _figures.programme_id, _figures.project_id
    told = _seen(one).with_only_columns(*figures, level.label("level"), place.label("place"))
    ranked = told.where(urgency.score >= urgency.LEAST[Level.WARN]).subquery("ranked")
    name = case((Project.acronym != "", Project.acronym), else_=Project.organisation)
    return (
        select(ranked.c.programme_id, ranked.c.level, Project.id, Project.slug, name)
        .join(Project, Project.id == ranked.c.project_id)
        .where(ranked.c.place <= NAMED)
        .order_by(ranked.c.place)
    )
