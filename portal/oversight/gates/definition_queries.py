"""Read what a programme asks at its gates, now and earlier. The caller was allowed to see the
project or the programme."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select

from portal.oversight.gates.definition_documents import (
    get_default_gate_definition,
    read_default_gates,
    replace_predicates,
)
from portal.oversight.gates.definition_rules import GateDefinition, GateTermsValues
from portal.oversight.gates.models import GateTerms
from portal.people.accounts.models import Person
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel import clock
from portal.platform.kernel.database import Entity, db
from portal.platform.kernel.errors import NotFound
from portal.project.projects.models import Project

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)  # when the default definitions start


Terms = TypeVar("Terms", bound=Entity)


@dataclass(frozen=True)
class TermsEdition(Generic[Terms]):
    """An edition of the terms of a gate or of a signal, with the name of who wrote it."""

    row: Terms
    who: str


@dataclass(frozen=True)
class GateTermsEdition(TermsEdition[GateTerms]):
    """An edition of a gate, with the definition that it says."""

    definition: GateDefinition


def list_terms_editions(
    model: type[Terms], changed_by: Any, *conditions: ColumnElement[bool]
) -> Sequence[TermsEdition[Terms]]:
    """Return editions of terms that a programme set, the latest first."""
    statement = select(model, Person.name).join(Person, Person.id == changed_by).where(*conditions)
    latest_first = model.created_at.desc(), model.id.desc()
    return [TermsEdition(*row) for row in db.session.execute(statement.order_by(*latest_first))]


def list_definitions(programme_id: UUID) -> Sequence[GateDefinition]:
    """Return the present definitions of a programme's gates, in its order."""
    definitions = read_definitions_by_programme([programme_id])[programme_id].values()
    return sorted(definitions, key=lambda definition: definition.rank)


def list_definitions_at(programme_id: UUID, moment: datetime) -> Sequence[GateDefinition]:
    """Return the definitions that applied at a moment, in the programme's order."""
    definitions = {definition.number: definition for definition in read_default_gates()}
    for since, definition in read_dated_definitions_by_programme([programme_id]).get(programme_id, ()):
        if since <= moment:
            definitions[definition.number] = definition
    applied = (definition for definition in definitions.values() if not definition.is_left_out)
    return sorted(applied, key=lambda definition: definition.rank)


def read_gate_numbers(programme_id: UUID) -> Collection[int]:
    """Return the numbers of all gates of a programme, also of those that it leaves out."""
    return read_definitions_with_left_out([programme_id])[programme_id].keys()


def list_left_out_gates(programme_id: UUID) -> Sequence[GateDefinition]:
    """Return the gates that a programme leaves out, by number."""
    definitions = read_definitions_with_left_out([programme_id])[programme_id]
    return [definitions[n] for n in sorted(definitions) if definitions[n].is_left_out]


def read_definitions_by_programme(
    programme_ids: Iterable[UUID],
) -> Mapping[UUID, Mapping[int, GateDefinition]]:
    """Return present definitions by programme and gate number, in at most one statement."""
    return {
        id_: {number: each for number, each in definitions.items() if not each.is_left_out}
        for id_, definitions in read_definitions_with_left_out(programme_ids).items()
    }


def read_definitions_with_left_out(
    programme_ids: Iterable[UUID],
) -> Mapping[UUID, Mapping[int, GateDefinition]]:
    """The same, with the gates that a programme leaves out."""
    ids = list(programme_ids)
    changed = read_dated_definitions_by_programme(ids) if ids else {}
    defaults = {definition.number: definition for definition in read_default_gates()}
    return {
        id_: defaults | {definition.number: definition for _since, definition in changed.get(id_, ())}
        for id_ in ids
    }


def get_definition(programme_id: UUID, number: int) -> GateDefinition:
    """Return the present definition of one gate, left out or not. Raises `NotFound`."""
    definition = read_definitions_with_left_out([programme_id])[programme_id].get(number)
    if definition is None:
        raise NotFound
    return definition


def get_definition_unless_left_out(programme_id: UUID, number: int) -> GateDefinition:
    """Return the present definition of a gate. Raises `NotFound`, also for one left out."""
    definition = get_definition(programme_id, number)
    if definition.is_left_out:
        raise NotFound
    return definition


def read_track_names(programme_id: UUID) -> Mapping[str, str]:
    """Return the names of a programme's tracks, by key."""
    return {track.key: track.name for track in list_tracks(programme_id)}


def has_projects(programme_id: UUID) -> bool:
    """Whether any project of a programme exists."""
    statement = select(Project.id).where(Project.programme_id == programme_id).limit(1)
    return db.session.scalar(statement) is not None


def read_dated_definitions_by_programme(
    programme_ids: Iterable[UUID],
) -> Mapping[UUID, Sequence[tuple[datetime, GateDefinition]]]:
    """Definitions that each programme changed, each with its first moment, in order."""
    statement = select(GateTerms).where(GateTerms.programme_id.in_(list(programme_ids)))
    editions: dict[UUID, list[tuple[datetime, GateDefinition]]] = defaultdict(list)
    for row in db.session.scalars(statement.order_by(GateTerms.id)):
        editions[row.programme_id].append((row.created_at, _build_definition(row)))
    return editions


def _build_definition(row: GateTerms) -> GateDefinition:
    """Return the definition that an edition says; None in a column stands for the default."""
    initial = get_default_gate_definition(row.gate)
    named = replace(
        initial,
        name_fr=initial.name_fr if row.name_fr is None else row.name_fr,
        name_en=initial.name_en if row.name_en is None else row.name_en,
        terms=GateTermsValues(row.weight, row.month, row.acceptor, row.track, row.thresholds),
        edition=row.edition,
        place=row.place,
        is_left_out=bool(row.is_left_out),
    )
    predicates = initial.predicates if row.predicates is None else row.predicates
    return replace_predicates(named, predicates, row.thresholds)


def list_gate_editions(programme_id: UUID, gate: int) -> Sequence[GateTermsEdition]:
    """Return the editions of a gate's terms, the latest first."""
    conditions = GateTerms.programme_id == programme_id, GateTerms.gate == gate
    editions = list_terms_editions(GateTerms, GateTerms.changed_by_id, *conditions)
    return [
        GateTermsEdition(edition.row, edition.who, _build_definition(edition.row)) for edition in editions
    ]


def build_dated_definitions(
    project: Project, changed: Sequence[tuple[datetime, GateDefinition]]
) -> Sequence[tuple[datetime, GateDefinition]]:
    """The definitions of a project's gates; a programme's changes after its end do not apply."""
    ended = project.stopped_on or project.finished_on
    defaults = [(BEGINNING, definition) for definition in read_default_gates()]
    applied = (each for each in changed if ended is None or clock.day_of(each[0]) <= ended)
    return [*defaults, *applied]
