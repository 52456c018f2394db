"""Editions of thresholds as a column of another statement, so that a list costs no statement more.

`read_definitions` reads those of one programme in a statement of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from portal.oversight.health.definition_documents import read_default_signals
from portal.oversight.health.definition_rules import Definitions, apply_editions
from portal.oversight.health.models import SignalTerms
from portal.platform.kernel.database import Base
from portal.platform.kernel.subqueries import rows_subquery

EditionRow = tuple[UUID, Any, int, int | None, int | None]  # programme id, code, edition, watch, alert


def _as_edition_row(*values: Any) -> EditionRow:
    return values


def select_editions(
    *conditions: ColumnElement[bool], beside: Sequence[type[Base]] = ()
) -> ColumnElement[Sequence[EditionRow]]:
    """A scalar subquery: the editions that meet the conditions, the latest last.

    With `beside`, it is correlated with the tables that the conditions name.
    """
    columns = (
        SignalTerms.programme_id,
        SignalTerms.code,
        SignalTerms.edition,
        SignalTerms.watch,
        SignalTerms.alert,
    )
    statement = select(*columns).where(*conditions).order_by(SignalTerms.edition)
    return rows_subquery(statement, _as_edition_row, correlated=beside)


def build_definitions(editions: Iterable[EditionRow]) -> Definitions:
    """The definitions of the one programme whose editions these are."""
    return apply_editions(read_default_signals(), (row[1:] for row in editions))


def build_programme_definitions(editions: Iterable[EditionRow]) -> Mapping[UUID, Definitions]:
    """Those of each programme that changed any; the others have the defaults."""
    by_programme: dict[UUID, list[EditionRow]] = {}
    for row in editions:
        by_programme.setdefault(row[0], []).append(row)
    return {id_: build_definitions(rows) for id_, rows in by_programme.items()}
