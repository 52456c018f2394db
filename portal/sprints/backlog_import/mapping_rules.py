"""From a record of a file to what it says of an item, by the columns and words chosen. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.platform.kernel.text import clean, fold
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import POINTS_MAX, REASON_MAX, TEXT_MAX, TITLE_MAX, ItemKind
from portal.sprints.backlog_import.cell_rules import unescape_cell
from portal.sprints.backlog_import.csv_documents import Record
from portal.sprints.backlog_import.team_rules import TeamMemberIndex
from portal.sprints.backlog_import.tool_rules import (
    ASIDE,
    GENERIC_WORDS,
    ImportField,
    Tool,
    find_kind,
    find_state,
    normalise_word,
)

REF_MAX = 400  # characters of what identifies a line
WORDS_MAX = 40  # different states in a column; more are no states
WORD_MAX = 80
EXCERPT_MAX = 80  # characters of a cell in a sentence about it
_NUMBER = re.compile(r"(?=[.,]?[0-9])[0-9]{0,9}(?:[.,][0-9]{0,9})?")
_LINE_BREAK = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]\s*")
_TRUE_WORDS = frozenset({"true", "yes", "oui", "vrai", "1", "archived", "archivee"})


@dataclass(frozen=True)
class ColumnChoices:
    """What a team says of a tool's files: field → column, and what its words mean, if not ours."""

    columns: Mapping[ImportField, str]
    states: Mapping[str, str] = field(default_factory=dict)  # folded word → state, or ASIDE
    kinds: Mapping[str, ItemKind | None] = field(default_factory=dict)  # None: it means no kind

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ColumnChoices":
        return cls(
            {ImportField(name): column for name, column in stored.get("columns", {}).items()},
            dict(stored.get("states", {})),
            {
                word: ItemKind(kind) if kind else None
                for word, kind in stored.get("kinds", {}).items()
            },
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": {name.value: column for name, column in self.columns.items()},
            "states": dict(self.states),
            "kinds": {word: kind.value if kind else "" for word, kind in self.kinds.items()},
        }

    def state(self, word: str) -> str | None:
        return self.states.get(normalise_word(word)) or find_state(word)

    def kind(self, word: str) -> ItemKind | None:
        return (
            self.kinds[normalise_word(word)]
            if normalise_word(word) in self.kinds
            else find_kind(word)
        )

    def is_generic_word(self, word: str) -> bool:
        """The tool's word for whatever it holds, of which the team said nothing."""
        return normalise_word(word) in GENERIC_WORDS and normalise_word(word) not in self.kinds


@dataclass(frozen=True)
class BacklogLineProblem:
    """What is wrong with a line, by a code; what does not stop it is only a note."""

    code: str
    column: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    NOTE_CODES = frozenset(
        {"title_cut", "text_cut", "reason_cut", "points_rounded", "nobody", "only_one"}
    )

    @property
    def is_error(self) -> bool:
        return self.code not in self.NOTE_CODES

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "column": self.column, "facts": dict(self.facts)}


@dataclass
class ParsedRecord:
    """What a line says. `values` holds the fields whose column was chosen: plain JSON values."""

    line: int
    ref: str = ""  # what identifies it: its address, or its id, or its title
    key: str = ""
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[BacklogLineProblem] = field(default_factory=list)
    is_left_aside: bool = False

    @property
    def has_no_error(self) -> bool:
        return not any(problem.is_error for problem in self.problems)


class BacklogRecordReader:
    """Reads the records of one file; it remembers what identified those before."""

    def __init__(
        self,
        tool: Tool,
        names: Sequence[str],
        choices: ColumnChoices,
        team: TeamMemberIndex | None = None,
    ) -> None:
        self._tool, self._names, self._choices = tool, names, choices
        self._team = team or TeamMemberIndex()
        self._places = {
            field: [n for n, name in enumerate(names) if name == column]
            for field, column in choices.columns.items()
        }
        self._lines: dict[str, int] = {}  # ref → line
        self.states: dict[str, int] = {}  # words found, and how often
        self.kinds: dict[str, int] = {}
        used = set(choices.columns.values())
        self._left = [(n, name) for n, name in enumerate(names) if name not in used]
        self.left: dict[str, int] = {}  # columns that no field takes up, and how many cells

    def read_record(self, record: Record) -> ParsedRecord:
        parsed = ParsedRecord(record.line)
        if len(record.cells) > len(self._names):
            parsed.problems.append(
                BacklogLineProblem(
                    "too_many_cells", facts={"n": len(record.cells), "most": len(self._names)}
                )
            )
            return parsed
        for n, column in self._left:
            if n < len(record.cells) and record.cells[n].strip():
                self.left[column] = self.left.get(column, 0) + 1
        for name, read in _FIELD_READERS.items():
            if name in self._places:
                read(self, parsed, self._cells(record, name), self._choices.columns[name])
        if {ImportField.KIND, ImportField.LABELS} & self._places.keys():
            self._read_kind(parsed, record)
        if ImportField.TITLE in self._places and not parsed.values.get("title"):
            parsed.problems.append(
                BacklogLineProblem("no_title", self._choices.columns[ImportField.TITLE])
            )
        self._identify(parsed, record)
        return parsed

    def _cells(self, record: Record, field: ImportField) -> list[str]:
        """What the columns of that name hold, without those that are empty."""
        raw_texts = (record.cells[n] for n in self._places[field] if n < len(record.cells))
        own = self._tool is Tool.PORTAL
        cleaned = (clean(unescape_cell(text) if own else text) for text in raw_texts)
        return [text for text in cleaned if text]

    def _identify(self, parsed: ParsedRecord, record: Record) -> None:
        key, url = (
            next(iter(self._cells(record, field)), "") if field in self._places else ""
            for field in (ImportField.KEY, ImportField.URL)
        )
        ref = url or (f"#{key}" if key else "")
        if not ref:
            base = f"={fold(str(parsed.values.get('title', '')))}"
            occurrences = self._lines[base] = self._lines.get(base, 0) + 1  # how many are called so
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

    def _read_kind(self, parsed: ParsedRecord, record: Record) -> None:
        """By the first word that means one. Labels say more than « Issue » or « Task », and less
        than any other word of the tool's own.
        """
        typed, labels = (
            self._words(record, field) for field in (ImportField.KIND, ImportField.LABELS)
        )
        for word in (*typed, *labels):
            _count_word(self.kinds, word)
        own = [word for word in typed if not self._choices.is_generic_word(word)]
        matching_kinds = (
            kind for word in (*own, *labels, *typed) if (kind := self._choices.kind(word))
        )
        parsed.values["kind"] = next(matching_kinds, ItemKind.STORY).value

    def _words(self, record: Record, field: ImportField) -> list[str]:
        cells = self._cells(record, field) if field in self._places else ()
        return [word for cell in cells for part in cell.split(",") if (word := part.strip())]

    def _read_state(self, parsed: ParsedRecord, cells: list[str], column: str) -> None:
        word = next(iter(cells), "")
        if word:
            _count_word(self.states, word)
        state = self._choices.state(word) if word else ItemState.TO_DO
        if state is None:
            parsed.problems.append(
                BacklogLineProblem("state", column, {"value": word[:EXCERPT_MAX]})
            )
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
            parsed.problems.append(
                BacklogLineProblem("points", column, {"value": text[:EXCERPT_MAX]})
            )
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
        """Whom the team has of those named; nobody is taken from an item by a name unknown here."""
        text = next(iter(cells), "")
        assignee_id, others = self._team.find_assignee(text)
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
        parsed.is_left_aside = (
            parsed.is_left_aside or normalise_word(next(iter(cells), "")) in _TRUE_WORDS
        )


def round_points(exact: Decimal) -> int:
    """The nearest whole number, a half going up; what is more than nothing stays so."""
    nearest = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return nearest or int(exact > 0)


def _count_word(words: dict[str, int], word: str) -> None:
    """So many different ones are remembered that a page can ask about each."""
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
    """Without its line breaks, and else as it stands: « 200\u00a0% » keeps its no-break space."""
    return _LINE_BREAK.sub(" ", next(iter(cells), "").strip())
