"""Parts of a document of the kind `DocumentKind.REPORT`, as plain data."""

from collections.abc import Sequence
from typing import Any

Part = dict[str, Any]


def make_part(
    title: str, says: Sequence[str] = (), *, points: Sequence[str] = (), table: Part | None = None
) -> Part:
    """A section: paragraphs, then a table, then a list."""
    return {"title": title, "says": list(says), "table": table, "points": list(points), "after": []}


def make_table(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, wide: int = 0) -> Part:
    """A table with its caption; the column `wide` takes twice the room of the others."""
    return {"name": name, "columns": list(columns), "rows": [list(row) for row in rows], "wide": wide}
