"""Parts of a document of the kind `DocumentKind.REPORT`, as plain data."""

from collections.abc import Sequence
from typing import Any

Part = dict[str, Any]


def make_part(
    title: str,
    says: Sequence[str] = (),
    *,
    points: Sequence[str] = (),
    table: Part | None = None,
    pictures: Part | None = None,
) -> Part:
    """A section: paragraphs, then `pictures` by kind, then a table, then a list."""
    return {
        "title": title,
        "says": list(says),
        "pictures": pictures,
        "table": table,
        "points": list(points),
        "after": [],
    }


def make_table(
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    wide: Sequence[int] = (),
    amounts: Sequence[int] = (),
) -> Part:
    """A table with its caption. The columns at the places `wide` take twice the room of the others; those
    at `amounts` are aligned to the right and never broken."""
    return {
        "name": name,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "wide": list(wide),
        "amounts": list(amounts),
    }
