"""Parse the records of a file into values of items, by the chosen columns and words. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.platform.kernel.cells import unescape_cell
from portal.platform.kernel.text import clean_text, fold
from portal.platform.tables.csv_file import TableRecord
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import POINTS_MAX, REASON_MAX, TEXT_MAX, TITLE_MAX, ItemKind
from portal.sprints.backlog_import.choice_rules import ImportChoices
from portal.sprints.backlog_import.team_rules import TeamMemberIndex
from portal.sprints.backlog_import.tool_rules import ASIDE, ImportField, Tool, normalise_word

REF_MAX = 400  # characters of the reference of a line
WORDS_MAX = 40  # different words counted per column: a page asks what each means
WORD_MAX = 80
EXCERPT_MAX = 80  # characters of a cell in a sentence about it
_NUMBER = re.compile(r"(?=[.,]?[0-9])[0-9]{0,9}(?:[.,][0-9]{0,9})?")
_LINE_BREAK = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]\s*")
_TRUE_WORDS = frozenset({"true", "yes", "oui", "vrai", "1", "archived", "archivee"})


@dataclass(frozen=True)
class BacklogLineProblem:
    """A problem of a line, by its code. Those of `NOTE_CODES` do not prevent the import."""

    code: str
    column: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    NOTE_CODES = frozenset({"title_cut", "text_cut", "reason_cut", "points_rounded", "nobody", "only_one"})

    @property
    def is_error(self) -> bool:
        return self.code not in self.NOTE_CODES

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "column": self.column, "facts": dict(self.facts)}


@dataclass
class ParsedRecord:
    """A parsed line. `values` holds JSON values by the names of fields that have a column."""

    line: int
    ref: str = ""  # its address, else `#` and its id, else `=` and its folded title
    key: str = ""
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[BacklogLineProblem] = field(default_factory=list)
    is_left_aside: bool = False

    @property
    def has_no_error(self) -> bool:
        return not any(problem.is_error for problem in self.problems)


class BacklogRecordReader:
    """Parses the records of one file, in order. Keeps earlier references to find duplicates.

    `states`, `kinds`, `people` and `left` count words, names that are nobody's on the team, and filled
    cells of unused columns, while it reads.
    """

    def __init__(
        self, tool: Tool, names: Sequence[str], choices: ImportChoices, team: TeamMemberIndex | None = None
    ) -> None:
        self._tool, self._names, self._choices = tool, names, choices
        self._team = team or TeamMemberIndex()
        self._places = {
            field: [n for n, name in enumerate(names) if name == column]
            for field, column in choices.columns.items()
        }
        self._lines: dict[str, int] = {}  # ref → line
        self.states: dict[str, int] = {}
        self.kinds: dict[str, int] = {}
        self.people: dict[str, int] = {}
        used = set(choices.columns.values())
        self._left = [(n, name) for n, name in enumerate(names) if name not in used]
        self.left: dict[str, int] = {}

    def read_record(self, record: TableRecord) -> ParsedRecord:
        """Parse a record; its faults are in `problems` of the result."""
        parsed = ParsedRecord(record.line)
        if len(record.cells) > len(self._names):
            parsed.problems.append(
                BacklogLineProblem("too_many_cells", facts={"n": len(record.cells), "most": len(self._names)})
            )
            return parsed
        for n, column in self._left:
            if n < len(record.cells) and record.cells[n].strip():
                self.left[column] = self.left.get(column, 0) + 1
        for name, read_field in _FIELD_READERS.items():
            if name in self._places:
                read_field(self, parsed, self._read_cells(record, name), self._choices.columns[name])
        if {ImportField.KIND, ImportField.LABELS} & self._places.keys():
            self._read_kind(parsed, record)
        if ImportField.TITLE in self._places and not parsed.values.get("title"):
            parsed.problems.append(BacklogLineProblem("no_title", self._choices.columns[ImportField.TITLE]))
        self._set_record_reference(parsed, record)
        return parsed

    def _read_cells(self, record: TableRecord, field: ImportField) -> list[str]:
        """The non-empty cells of a field's columns."""
        raw_texts = (record.cells[n] for n in self._places[field] if n < len(record.cells))
        is_own = self._tool is Tool.PORTAL
        cleaned = (clean_text(unescape_cell(text) if is_own else text) for text in raw_texts)
        return [text for text in cleaned if text]

    def _set_record_reference(self, parsed: ParsedRecord, record: TableRecord) -> None:
        key, url = (
            next(iter(self._read_cells(record, field)), "") if field in self._places else ""
            for field in (ImportField.KEY, ImportField.URL)
        )
        ref = url or (f"#{key}" if key else "")
        if not ref:
            base = f"={fold(str(parsed.values.get('title', '')))}"
            occurrences = self._lines[base] = self._lines.get(base, 0) + 1
            parsed.ref = base if occurrences == 1 else f"{base}={occurrences}"
            return
        if len(ref) > REF_MAX:
            column = self._choices.columns[ImportField.URL if url else ImportField.KEY]
            parsed.problems.append(BacklogLineProblem("id_too_long", column, {"most": REF_MAX}))
            return
        first = self._lines.setdefault(ref, parsed.line)
        if first != parsed.line:
            column = self._choices.columns[ImportField.URL if url else ImportField.KEY]
            facts = {"value": ref.removeprefix("#")[:EXCERPT_MAX], "first": first}
            parsed.problems.append(BacklogLineProblem("twice", column, facts))
        parsed.ref, parsed.key = ref, key[:REF_MAX]

    def _read_title(self, parsed: ParsedRecord, cells: list[str], column: str) -> None:
        title = _strip_line_breaks(cells)
        if len(title) > TITLE_MAX:
            parsed.problems.append(BacklogLineProblem("title_cut", column, {"most": TITLE_MAX}))
            title = title[: TITLE_MAX - 1].rstrip() + "…"
        parsed.values["title"] = title

    def _read_description(self, parsed: ParsedRecord, cells: list[str], column: str) -> None:
        text = next(iter(cells), "")
        if len(text) > TEXT_MAX:
            parsed.problems.append(BacklogLineProblem("text_cut", column, {"most": TEXT_MAX}))
            text = text[: TEXT_MAX - 1].rstrip() + "…"
        parsed.values["description"] = text

    def _read_kind(self, parsed: ParsedRecord, record: TableRecord) -> None:
        """The kind of the first word that has one: words of the kind's column, then labels, then
        generic words such as « Issue » or « Task ».
        """
        typed, labels = (self._read_words(record, field) for field in (ImportField.KIND, ImportField.LABELS))
        for word in (*typed, *labels):
            _add_word_to_counts(self.kinds, word)
        specific = [word for word in typed if not self._choices.is_generic_word(word)]
        matching_kinds = (
            kind for word in (*specific, *labels, *typed) if (kind := self._choices.find_kind(word))
        )
        parsed.values["kind"] = next(matching_kinds, ItemKind.STORY).value

    def _read_words(self, record: TableRecord, field: ImportField) -> list[str]:
        cells = self._read_cells(record, field) if field in self._places else ()
        return [word for cell in cells for part in cell.split(",") if (word := part.strip())]

    def _read_state(self, parsed: ParsedRecord, cells: list[str], column: str) -> None:
        word = next(iter(cells), "")
        if word:
            _add_word_to_counts(self.states, word)
        state = self._choices.find_state(word) if word else ItemState.TO_DO
        if state is None:
            parsed.problems.append(BacklogLineProblem("state", column, {"value": word[:EXCERPT_MAX]}))
        elif state == ASIDE:
            parsed.is_left_aside = True
        else:
            parsed.values["state"] = ItemState(state).value

    def _read_points(self, parsed: ParsedRecord, cells: list[str], column: str) -> None:
        text = next(iter(cells), "")
        if not text:
            parsed.values["points"] = None
            return
        number = text.replace("\u202f", "").replace("\xa0", "")
        if not _NUMBER.fullmatch(number):
            parsed.problems.append(BacklogLineProblem("points", column, {"value": text[:EXCERPT_MAX]}))
            return
        exact = Decimal(number.replace(",", "."))
        whole = round_points(exact)
        if whole > POINTS_MAX:
            facts = {"value": text[:EXCERPT_MAX], "most": POINTS_MAX}
            parsed.problems.append(BacklogLineProblem("points_range", column, facts))
            return
        if whole != exact:
            facts = {"value": text[:EXCERPT_MAX], "n": whole}
            parsed.problems.append(BacklogLineProblem("points_rounded", column, facts))
        parsed.values["points"] = whole

    def _read_assignee(self, parsed: ParsedRecord, cells: list[str], column: str) -> None:
        """The first name on the team. An unknown name leaves the assignee of the item unchanged."""
        text = next(iter(cells), "")
        for name in self._team.split_names(text):
            if not self._team.is_known(name):
                _add_word_to_counts(self.people, name)
        assignee_id, others = self._team.find_assignee_and_other_names(text)
        if assignee_id or not text:
            parsed.values["assignee"] = assignee_id
        if others:
            code = "only_one" if assignee_id else "nobody"
            facts = {"value": ", ".join(others)[:EXCERPT_MAX]}
            parsed.problems.append(BacklogLineProblem(code, column, facts))

    def _read_reason(self, parsed: ParsedRecord, cells: list[str], column: str) -> None:
        text = _strip_line_breaks(cells)
        if len(text) > REASON_MAX:
            parsed.problems.append(BacklogLineProblem("reason_cut", column, {"most": REASON_MAX}))
        parsed.reason = text[:REASON_MAX]

    def _read_archived(self, parsed: ParsedRecord, cells: list[str], _column: str) -> None:
        parsed.is_left_aside = parsed.is_left_aside or normalise_word(next(iter(cells), "")) in _TRUE_WORDS


def round_points(exact: Decimal) -> int:
    """The nearest whole number, halves up; a positive number becomes at least 1."""
    nearest = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return nearest or int(exact > 0)


def _add_word_to_counts(words: dict[str, int], word: str) -> None:
    """Count a word, up to `WORDS_MAX` different ones."""
    word = word[:WORD_MAX]
    if word in words or len(words) < WORDS_MAX:
        words[word] = words.get(word, 0) + 1


_FIELD_READERS = {
    ImportField.TITLE: BacklogRecordReader._read_title,
    ImportField.DESCRIPTION: BacklogRecordReader._read_description,
    ImportField.STATE: BacklogRecordReader._read_state,
    ImportField.POINTS: BacklogRecordReader._read_points,
    ImportField.ASSIGNEE: BacklogRecordReader._read_assignee,
    ImportField.REASON: BacklogRecordReader._read_reason,
    ImportField.ARCHIVED: BacklogRecordReader._read_archived,
}


def _strip_line_breaks(cells: Sequence[str]) -> str:
    """The first cell without line breaks; no-break spaces stay."""
    return _LINE_BREAK.sub(" ", next(iter(cells), "").strip())
