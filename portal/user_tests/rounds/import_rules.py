"""Parse the lines of a file of results, and note the problems of each cell. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from portal.platform.kernel import clock
from portal.platform.kernel.cells import unescape_cell
from portal.platform.kernel.text import clean_text, fold
from portal.platform.tables.csv_file import TableRecord
from portal.user_tests.rounds.duration_rules import parse_seconds
from portal.user_tests.rounds.expected_results_rules import ExpectedFileContent
from portal.user_tests.rounds.import_labels import (
    CODE,
    CONSENT,
    FIELDS_OF_TASK,
    NO,
    YES,
    Column,
    ColumnIndexes,
    list_words_for_no_group,
    outcomes_by_folded_name,
)
from portal.user_tests.rounds.import_models import ResultsImportLine, ResultsImportProblem
from portal.user_tests.rounds.models import TEXT_MAX
from portal.user_tests.rounds.session_models import EASE_MAX, EASE_MIN, ERRORS_MAX, SECONDS_MAX, TaskOutcome

EPOCH = date(1899, 12, 30)  # day 0 of Excel, which takes 1900 for a leap year
EPOCH_1904 = date(1904, 1, 1)
QUOTE_MAX = 60  # characters of a quoted cell
_WHOLE = re.compile(r"(\d{1,9})(?:[.,]0+)?")
_DAY_NUMBER = re.compile(r"(\d{1,9})(?:\.\d+)?")  # the fraction is an hour
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")


def parse_result_lines(
    records: Iterable[TableRecord],
    names: Sequence[str],
    places: ColumnIndexes,
    expected: ExpectedFileContent,
    *,
    most: int,
    since: date,
    epoch: date = EPOCH,
) -> Sequence[ResultsImportLine]:
    """Parse the lines of a file. `most` is the largest answer to an item, `since` the first
    possible day of consent, `epoch` the day 0 of the workbook."""
    outcomes_by_name = outcomes_by_folded_name()
    groups: dict[str, int | None] = dict.fromkeys(list_words_for_no_group())
    groups |= {fold(group.name): group.number for group in expected.groups}
    return [
        _LineReader(record, names, places.by_column, most=most, since=since, epoch=epoch).read_line(
            expected, outcomes_by_name, groups
        )
        for record in records
    ]


class _LineReader:
    """Parses one line and collects its problems."""

    def __init__(
        self,
        record: TableRecord,
        names: Sequence[str],
        places: Mapping[Column, int],
        *,
        most: int,
        since: date,
        epoch: date,
    ) -> None:
        self._record, self._names, self._places = record, names, places
        self._most, self._since, self._epoch = most, since, epoch
        self._problems: list[ResultsImportProblem] = []

    def read_line(
        self,
        expected: ExpectedFileContent,
        outcomes: Mapping[str, TaskOutcome],
        groups: Mapping[str, int | None],
    ) -> ResultsImportLine:
        if any(cell.strip() for cell in self._record.cells[len(self._names) :]):
            self._problems.append(ResultsImportProblem("", "cells"))
        if self._read_cell(CODE):
            self._add_problem(CODE, "code")
        results = {
            str(task.number): self._read_result(f"t{task.number}", outcomes) for task in expected.tasks
        }
        answers = {
            str(item): answer
            for item in range(1, expected.items + 1)
            if (answer := self._read_number((f"a{item}", "value"), 1, self._most)) is not None
        }
        line = ResultsImportLine(
            line=self._record.line,
            group=self._read_group_number(groups),
            is_rehearsal=self._is_rehearsal(),
            consent_on=self._read_consent_day(),
            results={number: result for number, result in results.items() if result},
            answers=answers,
            notes=self._read_notes(("s", "notes")),
        )
        if not (line.results or line.answers or line.notes or self._problems):
            self._problems.append(ResultsImportProblem("", "nothing"))
        order = {name: place for place, name in reversed(list(enumerate(self._names)))}
        ordered = sorted(self._problems, key=lambda problem: order.get(problem.column, -1))
        return ResultsImportLine(**{**line.__dict__, "problems": tuple(ordered)})

    def _read_cell(self, column: Column) -> str:
        place = self._places.get(column)
        if place is None or place >= len(self._record.cells):
            return ""
        return clean_text(unescape_cell(self._record.cells[place]))

    def _add_problem(self, column: Column, code: str, **facts: Any) -> None:
        value = self._read_cell(column)
        quoted = value if len(value) <= QUOTE_MAX else f"{value[:QUOTE_MAX]}…"
        name = self._names[self._places[column]] if column in self._places else ""
        self._problems.append(ResultsImportProblem(name, code, {"value": quoted, **facts}))

    def _read_result(self, part: str, outcomes: Mapping[str, TaskOutcome]) -> dict[str, Any]:
        outcome, seconds, ease, errors, notes = ((part, name) for name in FIELDS_OF_TASK)
        values = {
            "outcome": self._read_outcome(outcome, outcomes),
            "seconds": self._read_seconds(seconds),
            "ease": self._read_number(ease, EASE_MIN, EASE_MAX),
            "errors": self._read_number(errors, 0, ERRORS_MAX),
            "notes": self._read_notes(notes),
        }
        return {name: value for name, value in values.items() if value not in (None, "")}

    def _read_outcome(self, column: Column, outcomes: Mapping[str, TaskOutcome]) -> str | None:
        typed = self._read_cell(column)
        if not typed:
            return None
        outcome = outcomes.get(fold(typed))
        if outcome is None:
            self._add_problem(column, "outcome")
        return outcome and outcome.value

    def _read_seconds(self, column: Column) -> int | None:
        typed = self._read_cell(column)
        if not typed:
            return None
        whole = _WHOLE.fullmatch(typed)
        seconds = int(whole[1]) if whole else parse_seconds(typed)
        if seconds is None or not 1 <= seconds <= SECONDS_MAX:
            self._add_problem(column, "seconds")
            return None
        return seconds

    def _read_number(self, column: Column, least: int, most: int) -> int | None:
        typed = self._read_cell(column)
        if not typed:
            return None
        whole = _WHOLE.fullmatch(typed)
        if whole is None or not least <= int(whole[1]) <= most:
            self._add_problem(column, "number", least=least, most=most)
            return None
        return int(whole[1])

    def _read_notes(self, column: Column) -> str:
        typed = self._read_cell(column)
        if len(typed) > TEXT_MAX:
            self._add_problem(column, "long", most=TEXT_MAX)
            return ""
        return typed

    def _read_group_number(self, groups: Mapping[str, int | None]) -> int | None:
        column = ("s", "group")
        typed = fold(self._read_cell(column))
        if typed and typed not in groups:
            self._add_problem(column, "group")
        return groups.get(typed)

    def _is_rehearsal(self) -> bool:
        column = ("s", "is_rehearsal")
        typed = fold(self._read_cell(column))
        if typed not in YES | NO:
            self._add_problem(column, "rehearsal")
        return typed in YES

    def _read_consent_day(self) -> str | None:
        typed = self._read_cell(CONSENT)
        if not typed:
            self._add_problem(CONSENT, "consent")
            return None
        day = parse_day(typed, self._epoch)
        if day is None:
            self._add_problem(CONSENT, "date")
        elif clock.find_future_date_problem(day):
            self._add_problem(CONSENT, "to_come")
        elif day < self._since:
            self._add_problem(CONSENT, "too_early", since=self._since.isoformat())
        return day.isoformat() if day else None


def parse_day(text: str, epoch: date = EPOCH) -> date | None:
    """Parse « 12/03/2026 », « 2026-03-12 » or a workbook's day number. None: no valid day."""
    whole = _DAY_NUMBER.fullmatch(text)
    iso, french = _ISO_DAY.fullmatch(text), _FRENCH_DAY.fullmatch(text)
    try:
        if whole:
            day = epoch + timedelta(days=int(whole[1]))
        elif iso:
            day = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif french:
            day = date(int(french[3]), int(french[2]), int(french[1]))
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return None if clock.find_implausible_date_problem(day) else day
