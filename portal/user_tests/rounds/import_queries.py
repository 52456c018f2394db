"""Reading a file of results that waits for a word, and what a round asks of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.framing.models import TargetGroup
from portal.user_tests.rounds.import_models import (
    ImportedResult,
    ResultsImport,
    ResultsImportLine,
    fingerprint_lines,
)
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_queries import list_group_choices, list_tasks
from portal.user_tests.rounds.sum_rules import ITEM_COUNTS


@dataclass(frozen=True)
class ExpectedResults:
    """What a round asks of a file: results of tasks, answers to items, of whom."""

    tasks: Sequence[TestTask]
    items: int
    groups: Sequence[TargetGroup]

    def as_json(self) -> dict[str, Any]:
        return {
            "tasks": [[task.number, str(task.id)] for task in self.tasks],
            "items": self.items,
            "groups": [[group.number, str(group.id)] for group in self.groups],
        }


@dataclass(frozen=True)
class ResultsImportPreview:
    """A file with what each line would do: come in, or stay aside because it came in before."""

    lines: Sequence[ResultsImportLine]
    imported_prints: Mapping[int, str]  # by line, the prints of those that came in before

    @property
    def new(self) -> Sequence[ResultsImportLine]:
        return [
            line
            for line in self.lines
            if line.line not in self.imported_prints and not line.problems
        ]

    @property
    def wrong(self) -> Sequence[ResultsImportLine]:
        return [line for line in self.lines if line.problems]

    @property
    def contacts(self) -> Sequence[ResultsImportLine]:
        return [line for line in self.new if line.contacts]


def read_expected_results(round_: TestRound) -> ExpectedResults:
    """Of a round that the caller may see."""
    return ExpectedResults(
        list_tasks(round_), ITEM_COUNTS.get(round_.scale, 0), list_group_choices(round_)
    )


def _own_imports(actor: Actor, round_: TestRound) -> Any:
    return select(ResultsImport).where(
        ResultsImport.round_id == round_.id,
        ResultsImport.person_id == actor.person_id,
        ResultsImport.expires_at > clock.now(),
    )


def find_import(actor: Actor, round_: TestRound, import_id: UUID) -> ResultsImport | None:
    """For whoever brought it, while it lasts."""
    own_import = _own_imports(actor, round_).where(ResultsImport.id == import_id)
    as_it_is = {"populate_existing": True}  # whatever this transaction has read before
    imported: ResultsImport | None = db.session.scalar(own_import, execution_options=as_it_is)
    return imported


def get_import(actor: Actor, round_: TestRound, import_id: UUID) -> ResultsImport:
    imported = find_import(actor, round_, import_id)
    if imported is None:
        raise NotFound
    return imported


def find_own_import(actor: Actor, round_: TestRound) -> ResultsImport | None:
    newest = _own_imports(actor, round_).order_by(ResultsImport.id.desc()).limit(1)
    imported: ResultsImport | None = db.session.scalar(newest)
    return imported


def read_import_preview(imported: ResultsImport) -> ResultsImportPreview:
    """What would become of each line as things stand by now."""
    lines = [ResultsImportLine.from_json(data) for data in imported.lines]
    prints = fingerprint_lines(imported.round_id, lines)
    already_imported = select(ImportedResult.print).where(
        ImportedResult.round_id == imported.round_id, ImportedResult.print.in_(prints)
    )
    before = set(db.session.scalars(already_imported))
    both = zip(lines, prints, strict=True)
    return ResultsImportPreview(lines, {line.line: mark for line, mark in both if mark in before})
