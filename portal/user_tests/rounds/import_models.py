"""Rows of an import of results: the staged file, and fingerprints of imported lines.

A staged file is visible to its uploader only, for a day at most; it is deleted when it is imported,
when a participant of the round withdraws, and when retention is over. A fingerprint of each
imported line is kept, so that no line is imported twice, even after its session was withdrawn.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Base, Entity
from portal.project.framing.identifier_rules import find_identifiers
from portal.user_tests.rounds.models import TestRound

FILE_NAME_MAX = 200
LINES_MAX = 200  # participants in a file
PRINT_LENGTH = 64


@dataclass(frozen=True)
class ResultsImportProblem:
    """A problem of a cell: a code and the values of its sentence. `column` as named in the file; ""
    for the whole line."""

    column: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ResultsImportLine:
    """A line: one participant. `results` by task number and `answers` by item number, as text
    because JSON keys are text. `group` is a target group's number; None: of no group."""

    line: int
    group: int | None = None
    is_rehearsal: bool = False
    consent_on: str | None = None
    results: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    notes: str = ""
    problems: Sequence[ResultsImportProblem] = ()

    @property
    def contacts(self) -> Sequence[str]:
        """Return what looks like contact data in the notes."""
        notes = [self.notes, *(result.get("notes", "") for result in self.results.values())]
        return find_identifiers("\n".join(notes))

    @property
    def consent_day(self) -> date | None:
        return date.fromisoformat(self.consent_on) if self.consent_on else None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ResultsImportLine":
        return cls(**{**data, "problems": [ResultsImportProblem(**problem) for problem in data["problems"]]})


def fingerprint_lines(round_id: UUID, lines: Sequence[ResultsImportLine]) -> Sequence[str]:
    """Return the SHA-256 fingerprint of each line; the n-th of identical lines has its own."""
    occurrences: dict[str, int] = {}
    prints = []
    for line in lines:
        content = {k: v for k, v in line.as_json().items() if k not in {"line", "problems"}}
        text = json.dumps([str(round_id), content], sort_keys=True)
        occurrences[text] = nth = occurrences.get(text, 0) + 1
        prints.append(hashlib.sha256(f"{nth} {text}".encode()).hexdigest())
    return prints


class ResultsImport(Entity):
    """A staged file of one person for one round. `shape`: the tasks, items and groups of the round
    when the file was read."""

    __tablename__ = "results_import"
    __table_args__ = (Index("ix_results_import_round_id_person_id", "round_id", "person_id"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id, ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    file_name: Mapped[str] = mapped_column(String(FILE_NAME_MAX))
    shape: Mapped[dict[str, Any]] = mapped_column(JSON)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    unknown: Mapped[list[str]] = mapped_column(JSON)  # ignored columns


class ImportedLineFingerprint(Base):
    """The fingerprint of an imported line."""

    __tablename__ = "imported_result"

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id, ondelete="CASCADE"), primary_key=True)
    print: Mapped[str] = mapped_column(String(PRINT_LENGTH), primary_key=True)
