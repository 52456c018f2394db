"""Reads questionnaires: built-in and stored editions. Everybody may see them."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.library_documents import (
    COMPARISON,
    EXPOSURE,
    FRAMING,
    DefinitionSource,
    find_built_in_source,
    find_latest_edition_named,
    map_built_in_paths,
)
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound


def list_latest_editions() -> Sequence[Questionnaire]:
    """The latest edition of each: framing first, then exposure, comparisons last, else by key.

    The first call in a process parses the files.
    """
    latest: dict[str, int] = {}
    loaded = {(row.key, row.edition): row for row in db.session.scalars(_ALL_EDITIONS)}
    for key, edition in [*map_built_in_paths(), *loaded]:
        latest[key] = max(edition, latest.get(key, 0))
    definitions = [
        _load_definition(loaded.get(edition_key), *edition_key) for edition_key in sorted(latest.items())
    ]
    return sorted(definitions, key=_compute_sort_rank)


def _compute_sort_rank(definition: Questionnaire) -> int:
    turns = {FRAMING: 0, EXPOSURE: 1, COMPARISON: 3}
    return next((turns[trait] for trait in turns if trait in definition.traits), 2)


def get_questionnaire(key: str, edition: int | None = None) -> Questionnaire:
    """An edition of a questionnaire, by default the latest. Raises `NotFound`."""
    rows = {row.edition: row for row in db.session.scalars(_ALL_EDITIONS) if row.key == key}
    built_in = {number for built_in_key, number in map_built_in_paths() if built_in_key == key}
    edition_numbers = {*rows, *built_in}
    edition_number = edition if edition is not None else max(edition_numbers, default=0)
    if edition_number not in edition_numbers:
        raise NotFound
    return _load_definition(rows.get(edition_number), key, edition_number)


def find_questionnaire_by_name(name: str) -> Questionnaire | None:
    """A definition by its key (the latest edition) or key and version: `aia-1.0.1`."""
    rows = {(row.key, row.edition): row for row in db.session.scalars(_ALL_EDITIONS)}
    edition_keys = [*map_built_in_paths(), *rows]
    return find_latest_edition_named(name, edition_keys, lambda *key: _load_definition(rows.get(key), *key))


def find_edition(key: str, edition: int) -> QuestionnaireEdition | None:
    """The row of an edition that was loaded or answered; None when there is none."""
    row: QuestionnaireEdition | None = db.session.scalar(
        select(QuestionnaireEdition).where(
            QuestionnaireEdition.key == key, QuestionnaireEdition.edition == edition
        )
    )
    return row


def get_edition(key: str, edition: int) -> QuestionnaireEdition:
    """The same. Raises `NotFound`."""
    row = find_edition(key, edition)
    if row is None:
        raise NotFound
    return row


def get_definition(edition: QuestionnaireEdition) -> Questionnaire:
    """The parsed definition of a stored edition, cached by its fingerprint.

    The text is loaded from the database only when no built-in file is the same.
    """
    cached_definition = _definitions.get(edition.fingerprint)
    if cached_definition is None:
        source = find_built_in_source(edition.key, edition.edition)
        if source is None or source.fingerprint != edition.fingerprint:
            source = DefinitionSource(edition.text)
        cached_definition = _definitions[edition.fingerprint] = source.definition
    return cached_definition


_definitions: dict[str, Questionnaire] = {}


def _load_definition(row: QuestionnaireEdition | None, key: str, edition: int) -> Questionnaire:
    """A stored edition takes precedence over a file: people answered that text."""
    if row is not None:
        return get_definition(row)
    source = find_built_in_source(key, edition)
    if source is None:
        raise NotFound
    return source.definition


_ALL_EDITIONS = select(QuestionnaireEdition)
