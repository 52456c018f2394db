"""The journal of erasures: a file of JSON lines beside the database, without any name.

A restored copy of yesterday holds people who were erased since: the journal, which no copy
replaces, says whom to erase again, and what an administrator had decided of each text.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

JOURNAL_FILE = "erasures.jsonl"


@dataclass(frozen=True)
class ErasureJournalEntry:
    """`kept_texts` and `redacted_texts` are the table, column and key of each text that an administrator
    decided on. Journals of earlier releases lack the latter (None): all other texts were redacted."""

    person_id: str
    erased_at: str
    kept_texts: Sequence[Sequence[str]]
    redacted_texts: Sequence[Sequence[str]] | None = None


def append_entry(folder: Path, entry: ErasureJournalEntry) -> None:
    """Append an entry durably; one that is there already does no harm."""
    append_line(folder / JOURNAL_FILE, asdict(entry))


def append_line(path: Path, values: Mapping[str, Any]) -> None:
    """Append a line of JSON to a journal durably."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(json.dumps(values) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_entries(path: Path) -> Iterator[ErasureJournalEntry]:
    """The entries of a journal, oldest first. Raises `ValueError` for a line that is none."""
    for values in read_journal_lines(path):
        yield ErasureJournalEntry(**values)


def read_journal_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """The lines of a journal. Raises `ValueError` for a line that is no JSON."""
    for line in path.read_text().splitlines():
        if line.strip():
            yield json.loads(line)
