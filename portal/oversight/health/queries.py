"""Read the health of projects, now or as of any moment.

The caller was allowed to see the project or the programme. Lists, packs and exports all call
`read_states`: one statement for any number of projects.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from portal.oversight.gates.definition_queries import TermsEdition, list_terms_editions
from portal.oversight.gates.forecast_rules import Latenesses, LatenessIncrements, derive_lateness_increments
from portal.oversight.health.charge_queries import LAST_CHARGES, pick_last_charges, select_charges
from portal.oversight.health.definition_documents import read_default_signals
from portal.oversight.health.definition_rules import SignalCode, SignalDefinition, apply_editions
from portal.oversight.health.fact_rules import facts_from_plain
from portal.oversight.health.models import (
    DeclaredWeather,
    HealthFigures,
    HealthReading,
    LeadOpinion,
    SignalTerms,
)
from portal.oversight.health.opinion_queries import OVERRIDES, WEATHERS, make_lead_opinion
from portal.oversight.health.progress_rules import accepted_percent
from portal.oversight.health.state_rules import (
    HealthSnapshot,
    LastReading,
    WeatherDeclaration,
    signal_from_plain,
)
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project

CACHE_SIZE = 2_000  # readings, about 4 kB each

_LAST = (
    select(HealthReading.facts, HealthReading.signals, LAST_CHARGES)
    .join(HealthFigures, HealthFigures.reading_id == HealthReading.id)
    .where(HealthFigures.project_id == bindparam("project"))
)


def find_last_reading(project_id: UUID) -> LastReading | None:
    """Return the last stored reading of a project."""
    readings = fetch_rows(_LAST, {"project": project_id, "until": clock.now()})
    if not readings:
        return None
    facts, signals, charges = readings[0]
    return LastReading(
        facts_from_plain(facts), [signal_from_plain(signal) for signal in signals], pick_last_charges(charges)
    )


def read_states(
    project_ids: Sequence[UUID], as_of: datetime | None = None, day: date | None = None
) -> Mapping[UUID, HealthSnapshot]:
    """Return by project the states at a moment (now), as of a day (that of the moment). Projects
    without a reading by then are missing. One statement for any number of projects."""
    moment = as_of or clock.now()
    state_day = day or clock.day_of(moment)
    parameters = {"projects": list(project_ids), "until": moment}
    readings = fetch_rows(_SELECT_NOW if as_of is None else _SELECT_AS_OF, parameters)
    return {row[0]: _build_health_state(row, state_day) for row in readings}


def _build_health_state(row: Sequence[Any], day: date) -> HealthSnapshot:
    project_id, at, reading_id, facts, signals, weather, overrides, charges = row
    reading = _parse_reading(_StoredReading(reading_id, facts, signals))
    override = next((candidate for candidate in overrides if candidate.holds(day)), None)
    return HealthSnapshot(
        project_id,
        at,
        reading.facts.last_day(day),
        reading.facts,
        reading.signals,
        weather[0] if weather else None,
        override,
        pick_last_charges(charges),
    )


@dataclass(frozen=True)
class _StoredReading:
    """A stored reading, the cache key of `_parse_reading`: immutable, so compared by `id` alone."""

    id: UUID
    facts: Any = field(compare=False)
    signals: Any = field(compare=False)


@lru_cache(maxsize=CACHE_SIZE)
def _parse_reading(reading: _StoredReading) -> LastReading:
    return LastReading(
        facts_from_plain(reading.facts), tuple(signal_from_plain(signal) for signal in reading.signals)
    )


_project_ids: Any = bindparam("projects", expanding=True)


def _select_last_opinion(statement: Select[Any], model: Any, make: Callable[..., Any]) -> Any:
    """Subquery: the last weather or override of a reading's project, until a moment."""
    conditions = (model.project_id == HealthReading.project_id, model.created_at <= bindparam("until"))
    return rows_subquery(statement.where(*conditions).limit(1), make, correlated=[HealthReading])


_COLUMNS = (
    HealthReading.project_id,
    HealthReading.created_at,
    HealthReading.id,
    HealthReading.facts,
    HealthReading.signals,
    _select_last_opinion(WEATHERS, DeclaredWeather, WeatherDeclaration),
    _select_last_opinion(OVERRIDES, LeadOpinion, make_lead_opinion),
    select_charges(HealthReading, HealthReading.project_id),
)
_SELECT_NOW = (
    select(*_COLUMNS)
    .join(HealthFigures, HealthFigures.reading_id == HealthReading.id)
    .where(HealthFigures.project_id.in_(_project_ids))
)


def _select_latest_ids(model: Any) -> Any:
    """Select the ids of the last row of each project until a moment."""
    rank = func.row_number().over(
        partition_by=model.project_id, order_by=(model.created_at.desc(), model.id.desc())
    )
    conditions = model.project_id.in_(_project_ids), model.created_at <= bindparam("until")
    ranked = select(model.id, rank.label("rank")).where(*conditions).subquery()
    return select(ranked.c.id).where(ranked.c.rank == 1)


_SELECT_AS_OF = select(*_COLUMNS).where(HealthReading.id.in_(_select_latest_ids(HealthReading)))


def read_state(project: Project, as_of: datetime | None = None) -> HealthSnapshot | None:
    """Return the state of one project at a moment (now), None without a reading by then."""
    return read_states([project.id], as_of).get(project.id)


def read_latenesses(programme_id: UUID) -> Mapping[UUID, Latenesses]:
    """Return by project the latenesses of the passed gates as of now, from stored figures. One
    statement."""
    rows = fetch_rows(_SLIPS, {"programme": programme_id})
    return {row[0]: row[1] for row in rows}


def read_lateness_increments(programme_id: UUID) -> LatenessIncrements:
    """Return the steps of a programme as of now. For another moment, `compute_lateness_increments`."""
    return derive_lateness_increments(read_latenesses(programme_id).values())


_SLIPS = (
    select(HealthFigures.project_id, HealthFigures.slips)
    .join(Project, Project.id == HealthFigures.project_id)
    .where(Project.programme_id == bindparam("programme"))
)


def compute_lateness_increments(states: Iterable[HealthSnapshot]) -> LatenessIncrements:
    """Return the steps of a programme, from the states of all its projects."""
    return derive_lateness_increments(state.latenesses for state in states)


def read_programme_states(programme_id: UUID, as_of: datetime | None = None) -> Mapping[UUID, HealthSnapshot]:
    """Return by project the states of a programme's projects at a moment (now)."""
    statement = select(Project.id).where(Project.programme_id == programme_id)
    return read_states(db.session.scalars(statement).all(), as_of)


def list_accepted_percents(programme_id: UUID, as_of: datetime | None = None) -> Sequence[int]:
    """Return accepted progress of each project of a programme in per cent, at a moment (now)."""
    if as_of is not None:
        return [state.numbers.accepted for state in read_programme_states(programme_id, as_of).values()]
    today = clock.today()
    rows = fetch_rows(_ACCEPTED, {"programme": programme_id})
    return [accepted_percent(accepted or {}, today) for (accepted,) in rows]


_ACCEPTED = (
    select(HealthFigures.accepted)
    .join(Project, Project.id == HealthFigures.project_id)
    .where(Project.programme_id == bindparam("programme"))
)


def read_definitions(
    programme_id: UUID, until: datetime | None = None
) -> Mapping[SignalCode, SignalDefinition]:
    """Return the definitions of a programme's signals at a moment (now), by code, in order."""
    parameters = {"programme": programme_id, "until": until or clock.now()}
    return apply_editions(read_default_signals(), fetch_rows(_TERMS, parameters))


_TERMS = (
    select(SignalTerms.code, SignalTerms.edition, SignalTerms.watch, SignalTerms.alert)
    .where(SignalTerms.programme_id == bindparam("programme"), SignalTerms.created_at <= bindparam("until"))
    .order_by(SignalTerms.edition)
)


def get_definition(programme_id: UUID, code: str) -> SignalDefinition:
    """Return the present definition of one signal. Raises `NotFound`."""
    for definition in read_definitions(programme_id).values():
        if definition.code.value == code:
            return definition
    raise NotFound


@dataclass(frozen=True)
class SignalDefinitionChange:
    """An edition of a signal: who wrote it, and the definitions before and after."""

    edition: TermsEdition[SignalTerms]
    before: SignalDefinition
    after: SignalDefinition


def list_signal_definition_changes(programme_id: UUID) -> Sequence[SignalDefinitionChange]:
    """Return the editions of all signals of a programme, the latest first."""
    in_programme = SignalTerms.programme_id == programme_id
    editions = []
    definitions = read_default_signals()
    for edition in reversed(list_terms_editions(SignalTerms, SignalTerms.changed_by_id, in_programme)):
        row = edition.row
        before = definitions[SignalCode(row.code)]
        definitions = apply_editions(definitions, [(before.code, row.edition, row.watch, row.alert)])
        editions.append(SignalDefinitionChange(edition, before, definitions[before.code]))
    return editions[::-1]


def list_all_project_ids() -> Sequence[UUID]:
    """Return the ids of all projects of the installation: for the command line only."""
    return db.session.scalars(select(Project.id).order_by(Project.id)).all()


def find_project_for_command_line(project_id: UUID) -> Project | None:
    """Return any project by id: for the command line only."""
    return db.session.get(Project, project_id)
