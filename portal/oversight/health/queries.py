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

from portal.oversight.health.definition_documents import default_signals
from portal.oversight.health.definition_rules import SignalCode, SignalDefinition, Thresholds
from portal.oversight.health.fact_rules import facts_from_plain
from portal.oversight.health.forecast_rules import GateForecast, GateSlipCohort, build_cohort
from portal.oversight.health.models import (
    DeclaredWeather,
    HealthFigures,
    HealthOverride,
    HealthReading,
    HealthTerms,
    OverrideLevel,
)
from portal.oversight.health.state_rules import (
    HealthState,
    LastReading,
    Override,
    Weather,
    signal_from_plain,
)
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project

CACHE_SIZE = 2_000  # readings, of some 4 kB each

_LAST = (
    select(HealthReading.facts, HealthReading.signals)
    .join(HealthFigures, HealthFigures.reading_id == HealthReading.id)
    .where(HealthFigures.project_id == bindparam("project"))
)


def find_last_reading(project_id: UUID) -> LastReading | None:
    readings = fetch_rows(_LAST, {"project": project_id})
    if not readings:
        return None
    facts, signals = readings[0]
    return LastReading(facts_from_plain(facts), [signal_from_plain(signal) for signal in signals])


def read_states(
    project_ids: Sequence[UUID], as_of: datetime | None = None, day: date | None = None
) -> Mapping[UUID, HealthState]:
    """How these projects stood at a moment (now), on a day (its own), by project; without those of
    which nothing was known by then. One statement, however many they are."""
    moment = as_of or clock.now()
    on = day or clock.day_of(moment)
    parameters = {"projects": list(project_ids), "until": moment}
    readings = fetch_rows(_SELECT_NOW if as_of is None else _SELECT_AS_OF, parameters)
    return {row[0]: _state(row, on) for row in readings}


def _state(row: Sequence[Any], day: date) -> HealthState:
    project_id, at, reading_id, facts, signals, weather, overrides = row
    reading = _parse(_StoredReading(reading_id, facts, signals))
    override = next((candidate for candidate in overrides if candidate.holds(day)), None)
    return HealthState(
        project_id,
        at,
        reading.facts.last_day(day),
        reading.facts,
        reading.signals,
        weather[0] if weather else None,
        override,
    )


@dataclass(frozen=True)
class _StoredReading:
    """A reading as the database holds it: the same for ever."""

    id: UUID
    facts: Any = field(compare=False)
    signals: Any = field(compare=False)


@lru_cache(maxsize=CACHE_SIZE)
def _parse(reading: _StoredReading) -> LastReading:
    return LastReading(
        facts_from_plain(reading.facts),
        tuple(signal_from_plain(signal) for signal in reading.signals),
    )


_project_ids: Any = bindparam("projects", expanding=True)


def _select_last_opinion(model: Any, by: Any, *columns: Any) -> Select[Any]:
    """What somebody last said of the project of a reading, until a moment."""
    conditions = (
        model.project_id == HealthReading.project_id,
        model.created_at <= bindparam("until"),
    )
    statement: Select[Any] = select(model.created_at, *columns, Person.name)
    statement = statement.join(Person, Person.id == by).where(*conditions)
    return statement.order_by(model.created_at.desc(), model.id.desc()).limit(1)


def _override(at: datetime, level: int, *rest: Any) -> Override:
    return Override(at, OverrideLevel(level), *rest)


_weather, _lead_override = DeclaredWeather, HealthOverride
_COLUMNS = (
    HealthReading.project_id,
    HealthReading.created_at,
    HealthReading.id,
    HealthReading.facts,
    HealthReading.signals,
    rows_subquery(
        _select_last_opinion(
            _weather, _weather.declared_by_id, _weather.outlook, _weather.sentence
        ),
        Weather,
        correlated=[HealthReading],
    ),
    rows_subquery(
        _select_last_opinion(
            _lead_override,
            _lead_override.said_by_id,
            _lead_override.level,
            _lead_override.text,
            _lead_override.until,
        ),
        _override,
        correlated=[HealthReading],
    ),
)
_SELECT_NOW = (
    select(*_COLUMNS)
    .join(HealthFigures, HealthFigures.reading_id == HealthReading.id)
    .where(HealthFigures.project_id.in_(_project_ids))
)


def _latest(model: Any) -> Any:
    """The ids of the last row of each project until a moment."""
    place = func.row_number().over(
        partition_by=model.project_id, order_by=(model.created_at.desc(), model.id.desc())
    )
    conditions = model.project_id.in_(_project_ids), model.created_at <= bindparam("until")
    ranked = select(model.id, place.label("place")).where(*conditions).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)


_SELECT_AS_OF = select(*_COLUMNS).where(HealthReading.id.in_(_latest(HealthReading)))


def read_state(project: Project, as_of: datetime | None = None) -> HealthState | None:
    """The same for one project; None where nothing was known by then."""
    return read_states([project.id], as_of).get(project.id)


def read_cohort(programme_id: UUID) -> GateSlipCohort:
    """How late the gates of a programme's projects were passed: the figures of all of them, in one
    statement. As of a moment, `cohort_of` the states."""
    slip_rows = fetch_rows(_SLIPS, {"programme": programme_id})
    return build_cohort(slip for (project_slips,) in slip_rows for slip in project_slips)


_SLIPS = (
    select(HealthFigures.slips)
    .join(Project, Project.id == HealthFigures.project_id)
    .where(Project.programme_id == bindparam("programme"))
)


def cohort_as_of(states: Iterable[HealthState]) -> GateSlipCohort:
    """From the states of all projects of a programme at a moment."""
    return build_cohort(slip for state in states for slip in state.slips)


def read_forecast(project: Project, as_of: datetime | None = None) -> Sequence[GateForecast]:
    """When the open gates of a project are expected, with the spread of its programme: now, or as
    it was told at a moment."""
    state = read_state(project, as_of)
    if state is None or not state.facts.goes_on:
        return ()
    if as_of is None:
        return state.forecast(read_cohort(project.programme_id))
    return state.forecast(cohort_as_of(read_programme_states(project.programme_id, as_of).values()))


def read_programme_states(
    programme_id: UUID, as_of: datetime | None = None
) -> Mapping[UUID, HealthState]:
    """How all projects of a programme stood; those that were there by then."""
    statement = select(Project.id).where(Project.programme_id == programme_id)
    return read_states(db.session.scalars(statement).all(), as_of)


def list_weathers(project: Project, until: datetime | None = None) -> Sequence[Weather]:
    """All that was declared, until a moment or until now; the latest first."""
    statement = (
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
    return [Weather(*row) for row in db.session.execute(statement)]


def list_overrides(project: Project, until: datetime | None = None) -> Sequence[Override]:
    """All that was said beside what was computed, in the same way."""
    statement = (
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
        Override(at, OverrideLevel(level), text, until, who)
        for at, level, text, until, who in db.session.execute(statement)
    ]


def read_definitions(
    programme_id: UUID, until: datetime | None = None
) -> Mapping[SignalCode, SignalDefinition]:
    """The signals of a programme as they are now, or were at a moment; in their order."""
    definitions, parameters = (
        dict(default_signals()),
        {"programme": programme_id, "until": until or clock.now()},
    )
    for code, edition, watch, alert in fetch_rows(_TERMS, parameters):
        definitions[code] = SignalDefinition(
            code, definitions[code].unit, Thresholds(watch, alert), edition
        )
    return definitions


_TERMS = (
    select(HealthTerms.code, HealthTerms.edition, HealthTerms.watch, HealthTerms.alert)
    .where(
        HealthTerms.programme_id == bindparam("programme"),
        HealthTerms.created_at <= bindparam("until"),
    )
    .order_by(HealthTerms.edition)
)


def get_definition(programme_id: UUID, code: str) -> SignalDefinition:
    """Raises `NotFound`."""
    for definition in read_definitions(programme_id).values():
        if definition.code.value == code:
            return definition
    raise NotFound


@dataclass(frozen=True)
class SignalTermsEdition:
    """Numbers that a programme gave a signal: when, who, why."""

    row: HealthTerms
    who: str


def list_editions(programme_id: UUID) -> Sequence[SignalTermsEdition]:
    """Of all signals, the latest first."""
    statement = (
        select(HealthTerms, Person.name)
        .join(Person, Person.id == HealthTerms.changed_by_id)
        .where(HealthTerms.programme_id == programme_id)
        .order_by(HealthTerms.created_at.desc(), HealthTerms.id.desc())
    )
    return [SignalTermsEdition(row[0], row[1]) for row in db.session.execute(statement)]


def list_project_ids() -> Sequence[UUID]:
    """Every project of the installation: for its command line alone."""
    return db.session.scalars(select(Project.id).order_by(Project.id)).all()


def find_project(project_id: UUID) -> Project | None:
    """One of them."""
    return db.session.get(Project, project_id)
