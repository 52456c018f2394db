"""Read staged imports of results, and what a round expects of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import require_row
from portal.user_tests.rounds.expected_results_rules import ExpectedFileContent
from portal.user_tests.rounds.import_models import (
    ImportedLineFingerprint,
    ResultsImport,
    ResultsImportLine,
    fingerprint_lines,
)
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.queries import list_tasks
from portal.user_tests.rounds.session_queries import list_selectable_groups
from portal.user_tests.rounds.sum_rules import ITEM_COUNTS


@dataclass(frozen=True)
class ResultsImportPreview:
    """A staged file; lines that were imported before are skipped."""

    lines: Sequence[ResultsImportLine]
    imported_prints: Mapping[int, str]  # by line number, of lines imported before

    @property
    def new(self) -> Sequence[ResultsImportLine]:
        return [line for line in self.lines if line.line not in self.imported_prints and not line.problems]

    @property
    def wrong(self) -> Sequence[ResultsImportLine]:
        return [line for line in self.lines if line.problems]

    @property
    def contacts(self) -> Sequence[ResultsImportLine]:
        return [line for line in self.new if line.contacts]


def read_expected_file_content(round_: TestRound) -> ExpectedFileContent:
    """Read what a file for a round that the caller may see must contain."""
    return ExpectedFileContent(
        list_tasks(round_), ITEM_COUNTS.get(round_.scale, 0), list_selectable_groups(round_)
    )


def _select_own_imports(actor: Actor, round_: TestRound) -> Any:
    return select(ResultsImport).where(
        ResultsImport.round_id == round_.id,
        ResultsImport.person_id == actor.person_id,
        ResultsImport.expires_at > clock.now(),
    )


def find_own_import_by_id(actor: Actor, round_: TestRound, import_id: UUID) -> ResultsImport | None:
    """Return the actor’s own staged file, until it expires."""
    own_import = _select_own_imports(actor, round_).where(ResultsImport.id == import_id)
    refresh = {"populate_existing": True}  # it may have changed since this transaction read it
    imported: ResultsImport | None = db.session.scalar(own_import, execution_options=refresh)
    return imported


def get_own_import(actor: Actor, round_: TestRound, import_id: UUID) -> ResultsImport:
    return require_row(find_own_import_by_id(actor, round_, import_id))


def find_latest_own_import(actor: Actor, round_: TestRound) -> ResultsImport | None:
    newest = _select_own_imports(actor, round_).order_by(ResultsImport.id.desc()).limit(1)
    imported: ResultsImport | None = db.session.scalar(newest)
    return imported


def read_import_preview(imported: ResultsImport) -> ResultsImportPreview:
    """Return which lines of a staged file are new now."""
    lines = [ResultsImportLine.from_json(data) for data in imported.lines]
    prints = fingerprint_lines(imported.round_id, lines)
    already_imported = select(ImportedLineFingerprint.print).where(
        ImportedLineFingerprint.round_id == imported.round_id, ImportedLineFingerprint.print.in_(prints)
    )
    before = set(db.session.scalars(already_imported))
    both = zip(lines, prints, strict=True)
    return ResultsImportPreview(lines, {line.line: mark for line, mark in both if mark in before})
