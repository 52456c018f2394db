"""How projects are going, on any day. Whatever comes back, the caller was allowed to see its
project or programme.

`states_of` is the one door for lists, packs and exports: one statement for any number of projects,
now or as of any moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from portal.accounts.models import Person
from portal.health.definition import Code, Definition, Thresholds
from portal.health.facts import from_plain
from portal.health.forecast import Cohort, Forecast, cohort_of
from portal.health.library import defaults
from portal.health.models import (
    DeclaredWeather,
    HealthFigures,
    HealthOverride,
    HealthReading,
    HealthTerms,
    Said,
)
from portal.health.standing import Last, Override, State, Weather, signal_from_plain
from portal.kernel import clock
from portal.kernel.db import db, rows
from portal.kernel.errors import NotFound
from portal.kernel.lists import rows_of
from portal.projects.models import Project

REMEMBERED = 2_000  # readings, of some 4 kB each

_LAST = (
    select(HealthReading.facts, HealthReading.signals)
    .join(HealthFigures, HealthFigures.reading_id == HealthReading.id)
    .where(HealthFigures.project_id == bindparam("project"))
)


def find_last(project_id: UUID) -> Last | None:
    found = rows(_LAST, {"project": project_id})
    if not found:
        return None
    facts, signals = found[0]
    return Last(from_plain(facts), [signal_from_plain(one) for one in signals])


def states_of(
    project_ids: Sequence[UUID], as_of: datetime | None = None, day: date | None = None
) -> Mapping[UUID, State]:
    """How these projects stood at a moment (now), on a day (its own), by project; without those of
    which nothing was known by then. One statement, however many they are."""
    moment = as_of or clock.now()
    on = day or clock.day_of(moment)
    given = {"projects": list(project_ids), "until": moment}
    found = rows(_NOW if as_of is None else _THEN, given)
    return {row[0]: _state(row, on) for row in found}


def _state(row: Sequence[Any], day: date) -> State:
    project_id, at, reading_id, facts, signals, weather, said = row
    known = _parse(_Kept(reading_id, facts, signals))
    override = next((one for one in said if one.holds(day)), None)
    return State(
        project_id,
        at,
        known.facts.last_day(day),
        known.facts,
        known.signals,
        weather[0] if weather else None,
        override,
    )


@dataclass(frozen=True)
class _Kept:
    """A reading as the database holds it: the same for ever."""

    id: UUID
    facts: Any = field(compare=False)
    signals: Any = field(compare=False)


@lru_cache(maxsize=REMEMBERED)
def _parse(kept: _Kept) -> Last:
    return Last(from_plain(kept.facts), tuple(signal_from_plain(one) for one in kept.signals))


_given: Any = bindparam("projects", expanding=True)


def _said_last(model: Any, by: Any, *columns: Any) -> Select[Any]:
    """What somebody last said of the project of a reading, until a moment."""
    mine = model.project_id == HealthReading.project_id, model.created_at <= bindparam("until")
    told: Select[Any] = select(model.created_at, *columns, Person.name)
    told = told.join(Person, Person.id == by).where(*mine)
    return told.order_by(model.created_at.desc(), model.id.desc()).limit(1)


def _override(at: datetime, level: int, *rest: Any) -> Override:
    return Override(at, Said(level), *rest)


_weather, _said = DeclaredWeather, HealthOverride
_COLUMNS = (
    HealthReading.project_id,
    HealthReading.created_at,
    HealthReading.id,
    HealthReading.facts,
    HealthReading.signals,
    rows_of(
        _said_last(_weather, _weather.declared_by_id, _weather.outlook, _weather.sentence),
        Weather,
        beside=[HealthReading],
    ),
    rows_of(
        _said_last(_said, _said.said_by_id, _said.level, _said.text, _said.until),
        _override,
        beside=[HealthReading],
    ),
)
_NOW = (
    select(*_COLUMNS)
    .join(HealthFigures, HealthFigures.reading_id == HealthReading.id)
    .where(HealthFigures.project_id.in_(_given))
)


def _latest(model: Any) -> Any:
    """The ids of the last row of each project until a moment."""
    place = func.row_number().over(
        partition_by=model.project_id, order_by=(model.created_at.desc(), model.id.desc())
    )
    mine = model.project_id.in_(_given), model.created_at <= bindparam("until")
    ranked = select(model.id, place.label("place")).where(*mine).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)


_THEN = select(*_COLUMNS).where(HealthReading.id.in_(_latest(HealthReading)))


def read_state(project: Project, as_of: datetime | None = None) -> State | None:
    """The same for one project; None where nothing was known by then."""
    return states_of([project.id], as_of).get(project.id)


def read_cohort(programme_id: UUID) -> Cohort:
    """How late the gates of a programme's projects were passed: the figures of all of them, in one
    statement. As of a moment, `cohort_of` the states."""
    found = rows(_SLIPS, {"programme": programme_id})
    return cohort_of(slip for (of_one,) in found for slip in of_one)


_SLIPS = (
    select(HealthFigures.slips)
    .join(Project, Project.id == HealthFigures.project_id)
    .where(Project.programme_id == bindparam("programme"))
)


def cohort_as_of(states: Iterable[State]) -> Cohort:
    """From the states of all projects of a programme at a moment."""
    return cohort_of(slip for one in states for slip in one.slips)


def read_forecast(project: Project, as_of: datetime | None = None) -> Sequence[Forecast]:
    """When the open gates of a project are expected, with the spread of its programme: now, or as
    it was told at a moment."""
    state = read_state(project, as_of)
    if state is None or not state.facts.goes_on:
        return ()
    if as_of is None:
        return state.forecast(read_cohort(project.programme_id))
    return state.forecast(cohort_as_of(states_in(project.programme_id, as_of).values()))


def states_in(programme_id: UUID, as_of: datetime | None = None) -> Mapping[UUID, State]:
    """How all projects of a programme stood; those that were there by then."""
    mine = select(Project.id).where(Project.programme_id == programme_id)
    return states_of(db.session.scalars(mine).all(), as_of)


def list_weathers(project: Project, until: datetime | None = None) -> Sequence[Weather]:
    """All that was declared, until a moment or until now; the latest first."""
    told = (
        select(
            DeclaredWeather.created_at,
            DeclaredWeather.outlook,
            DeclaredWeather.sentence,
            Person.name,
        )
        .join(Person, Person.id == DeclaredWeather.declared_by_id)
        .where(
            DeclaredWeather.project_id == project.id,
            DeclaredWeather.created_at <= (until or clock.now()),
        )
        .order_by(DeclaredWeather.created_at.desc(), DeclaredWeather.id.desc())
    )
    return [Weather(*row) for row in db.session.execute(told)]


def list_overrides(project: Project, until: datetime | None = None) -> Sequence[Override]:
    """All that was said beside what was computed, in the same way."""
    told = (
        select(
            HealthOverride.created_at,
            HealthOverride.level,
            HealthOverride.text,
            HealthOverride.until,
            Person.name,
        )
        .join(Person, Person.id == HealthOverride.said_by_id)
        .where(
            HealthOverride.project_id == project.id,
            HealthOverride.created_at <= (until or clock.now()),
        )
        .order_by(HealthOverride.created_at.desc(), HealthOverride.id.desc())
    )
    return [
        Override(at, Said(level), text, until, who)
        for at, level, text, until, who in db.session.execute(told)
    ]


def definitions_of(programme_id: UUID, until: datetime | None = None) -> Mapping[Code, Definition]:
    """The signals of a programme as they are now, or were at a moment; in their order."""
    held, given = dict(defaults()), {"programme": programme_id, "until": until or clock.now()}
    for code, edition, watch, alert in rows(_TERMS, given):
        held[code] = Definition(code, held[code].unit, Thresholds(watch, alert), edition)
    return held


_TERMS = (
    select(HealthTerms.code, HealthTerms.edition, HealthTerms.watch, HealthTerms.alert)
    .where(
        HealthTerms.programme_id == bindparam("programme"),
        HealthTerms.created_at <= bindparam("until"),
    )
    .order_by(HealthTerms.edition)
)


def get_definition(programme_id: UUID, code: str) -> Definition:
    """Raises `NotFound`."""
    for one in definitions_of(programme_id).values():
        if one.code.value == code:
            return one
    raise NotFound


@dataclass(frozen=True)
class Edition:
    """Numbers that a programme gave a signal: when, who, why."""

    row: HealthTerms
    who: str


def list_editions(programme_id: UUID) -> Sequence[Edition]:
    """Of all signals, the latest first."""
    chosen = (
        select(HealthTerms, Person.name)
        .join(Person, Person.id == HealthTerms.changed_by_id)
        .where(HealthTerms.programme_id == programme_id)
        .order_by(HealthTerms.created_at.desc(), HealthTerms.id.desc())
    )
    return [Edition(row[0], row[1]) for row in db.session.execute(chosen)]


def list_ids() -> Sequence[UUID]:
    """Every project of the installation: for its command line alone."""
    return db.session.scalars(select(Project.id).order_by(Project.id)).all()


def find_project(project_id: UUID) -> Project | None:
    """One of them."""
    return db.session.get(Project, project_id)
