"""Reading questionnaires: those of the portal and those that were loaded. Anybody may see them."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.library_documents import (
    COMPARISON,
    EXPOSURE,
    FRAMING,
    built_in_paths,
    find_source,
)
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound


def list_latest_editions() -> Sequence[Questionnaire]:
    """The latest edition of each: framing first, what only compares last, by key in between.

    The first who asks waits until they are read.
    """
    latest: dict[str, int] = {}
    loaded = {(row.key, row.edition): row for row in db.session.scalars(_ALL_EDITIONS)}
    for key, edition in [*built_in_paths(), *loaded]:
        latest[key] = max(edition, latest.get(key, 0))
    definitions = [
        _load_definition(loaded.get(edition_key), *edition_key)
        for edition_key in sorted(latest.items())
    ]
    return sorted(definitions, key=_sort_rank)


def _sort_rank(of: Questionnaire) -> int:
    turns = {FRAMING: 0, EXPOSURE: 1, COMPARISON: 3}
    return next((turns[trait] for trait in turns if trait in of.traits), 2)


def get_questionnaire(key: str, edition: int | None = None) -> Questionnaire:
    """The latest edition, unless one is asked for. Raises `NotFound`."""
    rows = {row.edition: row for row in db.session.scalars(_ALL_EDITIONS) if row.key == key}
    edition_numbers = {*rows, *(number for of, number in built_in_paths() if of == key)}
    edition_number = edition if edition is not None else max(edition_numbers, default=0)
    if edition_number not in edition_numbers:
        raise NotFound
    return _load_definition(rows.get(edition_number), key, edition_number)


def find_by_name(name: str) -> Questionnaire | None:
    """As a command names it: its key (the latest edition), or with its version, `aia-1.0.1`."""
    key, _dash, version = name.partition("-")
    rows = {(row.key, row.edition): row for row in db.session.scalars(_ALL_EDITIONS)}
    editions = sorted(
        {edition_key for edition_key in [*built_in_paths(), *rows] if edition_key[0] == key},
        reverse=True,
    )
    definitions = (
        _load_definition(rows.get(edition_key), *edition_key) for edition_key in editions
    )
    return next(
        (definition for definition in definitions if version in ("", definition.version)), None
    )


def find_edition(key: str, edition: int) -> QuestionnaireEdition | None:
    """The row, where it was loaded or somebody began to answer it."""
    row: QuestionnaireEdition | None = db.session.scalar(
        select(QuestionnaireEdition).where(
            QuestionnaireEdition.key == key, QuestionnaireEdition.edition == edition
        )
    )
    return row


def get_edition(key: str, edition: int) -> QuestionnaireEdition:
    """Raises `NotFound`."""
    row = find_edition(key, edition)
    if row is None:
        raise NotFound
    return row


def _load_definition(row: QuestionnaireEdition | None, key: str, edition: int) -> Questionnaire:
    """What was loaded stands before a file: people answer it as it was then."""
    if row is not None:
        return row.definition
    source = find_source(key, edition)
    if source is None:
        raise NotFound
    return source.definition


_ALL_EDITIONS = select(QuestionnaireEdition)
