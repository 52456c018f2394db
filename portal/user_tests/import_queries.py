"""Reading a file of results that waits for a word, and what a round asks of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.framing.models import TargetGroup
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.user_tests.imports import ImportedResult, Line, ResultsImport, prints_of
from portal.user_tests.models import TestRound, TestTask
from portal.user_tests.session_queries import list_choices, list_tasks
from portal.user_tests.sums import ITEMS


@dataclass(frozen=True)
class Asks:
    """What a round asks of a file: results of tasks, answers to items, of whom."""

    tasks: Sequence[TestTask]
    items: int
    groups: Sequence[TargetGroup]

    def as_json(self) -> dict[str, Any]:
        return {
            "tasks": [[one.number, str(one.id)] for one in self.tasks],
            "items": self.items,
            "groups": [[one.number, str(one.id)] for one in self.groups],
        }


@dataclass(frozen=True)
class Found:
    """A file with what each line would do: come in, or stay aside because it came in before."""

    lines: Sequence[Line]
    known: Mapping[int, str]  # by line, the prints of those that came in before

    @property
    def new(self) -> Sequence[Line]:
        return [one for one in self.lines if one.line not in self.known and not one.problems]

    @property
    def wrong(self) -> Sequence[Line]:
        return [one for one in self.lines if one.problems]

    @property
    def contacts(self) -> Sequence[Line]:
        return [one for one in self.new if one.contacts]


def read_asks(round_: TestRound) -> Asks:
    """Of a round that the caller may see."""
    return Asks(list_tasks(round_), ITEMS.get(round_.scale, 0), list_choices(round_))


def _mine(actor: Actor, round_: TestRound) -> Any:
    return select(ResultsImport).where(
        ResultsImport.round_id == round_.id,
        ResultsImport.person_id == actor.person_id,
        ResultsImport.expires_at > clock.now(),
    )


def find_import(actor: Actor, round_: TestRound, import_id: UUID) -> ResultsImport | None:
    """For whoever brought it, while it lasts."""
    chosen = _mine(actor, round_).where(ResultsImport.id == import_id)
    as_it_is = {"populate_existing": True}  # whatever this transaction has read before
    found: ResultsImport | None = db.session.scalar(chosen, execution_options=as_it_is)
    return found


def get_import(actor: Actor, round_: TestRound, import_id: UUID) -> ResultsImport:
    found = find_import(actor, round_, import_id)
    if found is None:
        raise NotFound
    return found


def find_own(actor: Actor, round_: TestRound) -> ResultsImport | None:
    newest = _mine(actor, round_).order_by(ResultsImport.id.desc()).limit(1)
    found: ResultsImport | None = db.session.scalar(newest)
    return found


def read_lines(imported: ResultsImport) -> Found:
    """What would become of each line as things stand by now."""
    lines = [Line.from_json(one) for one in imported.lines]
    prints = prints_of(imported.round_id, lines)
    came = select(ImportedResult.print).where(
        ImportedResult.round_id == imported.round_id, ImportedResult.print.in_(prints)
    )
    before = set(db.session.scalars(came))
    both = zip(lines, prints, strict=True)
    return Found(lines, {line.line: mark for line, mark in both if mark in before})
