"""From a record of a file to what it says of an item, by the columns and words chosen. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.backlog.flow import State
from portal.backlog.models import POINTS_MAX, REASON_MAX, TEXT_MAX, TITLE_MAX, Kind
from portal.exchange.cells import release
from portal.exchange.reading import Record
from portal.exchange.team import Team
from portal.exchange.tools import ANYTHING, ASIDE, Field, Tool, kind_of, plain, state_of
from portal.kernel.text import clean, fold

REF_MAX = 400  # characters of what identifies a line
WORDS_MAX = 40  # different states in a column; more are no states
WORD_MAX = 80
SHOWN = 80  # characters of a cell in a sentence about it
_NUMBER = re.compile(r"(?=[.,]?[0-9])[0-9]{0,9}(?:[.,][0-9]{0,9})?")
_BREAK = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]\s*")
_YES = frozenset({"true", "yes", "oui", "vrai", "1", "archived", "archivee"})


@dataclass(frozen=True)
class Choices:
    """What a team says of a tool's files: field → column, and what its words mean, if not ours."""

    columns: Mapping[Field, str]
    states: Mapping[str, str] = field(default_factory=dict)  # folded word → state, or ASIDE
    kinds: Mapping[str, Kind | None] = field(default_factory=dict)  # None: it means no kind

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Choices":
        return cls(
            {Field(name): column for name, column in kept.get("columns", {}).items()},
            dict(kept.get("states", {})),
            {word: Kind(kind) if kind else None for word, kind in kept.get("kinds", {}).items()},
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": {name.value: column for name, column in self.columns.items()},
            "states": dict(self.states),
            "kinds": {word: kind.value if kind else "" for word, kind in self.kinds.items()},
        }

    def state(self, word: str) -> str | None:
        return self.states.get(plain(word)) or state_of(word)

    def kind(self, word: str) -> Kind | None:
        return self.kinds[plain(word)] if plain(word) in self.kinds else kind_of(word)

    def is_anything(self, word: str) -> bool:
        """The tool's word for whatever it holds, of which the team said nothing."""
        return plain(word) in ANYTHING and plain(word) not in self.kinds


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line, by a code; what does not stop it is only a note."""

    code: str
    column: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    NOTES = frozenset(
        {"title_cut", "text_cut", "reason_cut", "points_rounded", "nobody", "only_one"}
    )

    @property
    def stops(self) -> bool:
        return self.code not in self.NOTES

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "column": self.column, "facts": dict(self.facts)}


@dataclass
class Wanted:
    """What a line says. `values` holds the fields whose column was chosen: plain JSON values."""

    line: int
    ref: str = ""  # what identifies it: its address, or its id, or its title
    key: str = ""
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    aside: bool = False

    @property
    def is_sound(self) -> bool:
        return not any(problem.stops for problem in self.problems)


class Reader:
    """Reads the records of one file; it remembers what identified those before."""

    def __init__(
        self, tool: Tool, names: Sequence[str], choices: Choices, team: Team | None = None
    ) -> None:
        self._tool, self._names, self._choices = tool, names, choices
        self._team = team or Team()
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

    def read(self, record: Record) -> Wanted:
        wanted = Wanted(record.line)
        if len(record.cells) > len(self._names):
            wanted.problems.append(
                Problem("too_many_cells", facts={"n": len(record.cells), "most": len(self._names)})
            )
            return wanted
        for n, column in self._left:
            if n < len(record.cells) and record.cells[n].strip():
                self.left[column] = self.left.get(column, 0) + 1
        for name, read in _READERS.items():
            if name in self._places:
                read(self, wanted, self._cells(record, name), self._choices.columns[name])
        if {Field.KIND, Field.LABELS} & self._places.keys():
            self._kind(wanted, record)
        if Field.TITLE in self._places and not wanted.values.get("title"):
            wanted.problems.append(Problem("no_title", self._choices.columns[Field.TITLE]))
        self._identify(wanted, record)
        return wanted

    def _cells(self, record: Record, field: Field) -> list[str]:
        """What the columns of that name hold, without those that are empty."""
        found = (record.cells[n] for n in self._places[field] if n < len(record.cells))
        own = self._tool is Tool.PORTAL
        cleaned = (clean(release(text) if own else text) for text in found)
        return [text for text in cleaned if text]

    def _identify(self, wanted: Wanted, record: Record) -> None:
        key, url = (
            next(iter(self._cells(record, field)), "") if field in self._places else ""
            for field in (Field.KEY, Field.URL)
        )
        ref = url or (f"#{key}" if key else "")
        if not ref:
            base = f"={fold(str(wanted.values.get('title', '')))}"
            seen = self._lines[base] = self._lines.get(base, 0) + 1  # how many are called so
            wanted.ref = base if seen == 1 else f"{base}={seen}"
            return
        if len(ref) > REF_MAX:
            column = self._choices.columns[Field.URL if url else Field.KEY]
            wanted.problems.append(Problem("id_too_long", column, {"most": REF_MAX}))
            return
        first = self._lines.setdefault(ref, wanted.line)
        if first != wanted.line:
            column = self._choices.columns[Field.URL if url else Field.KEY]
            facts = {"value": ref.removeprefix("#")[:SHOWN], "first": first}
            wanted.problems.append(Problem("twice", column, facts))
        wanted.ref, wanted.key = ref, key[:REF_MAX]

    def _title(self, wanted: Wanted, cells: list[str], column: str) -> None:
        title = _one_line(cells)
        if len(title) > TITLE_MAX:
            wanted.problems.append(Problem("title_cut", column, {"most": TITLE_MAX}))
            title = title[: TITLE_MAX - 1].rstrip() + "…"
        wanted.values["title"] = title

    def _description(self, wanted: Wanted, cells: list[str], column: str) -> None:
        text = next(iter(cells), "")
        if len(text) > TEXT_MAX:
            wanted.problems.append(Problem("text_cut", column, {"most": TEXT_MAX}))
            text = text[: TEXT_MAX - 1].rstrip() + "…"
        wanted.values["description"] = text

    def _kind(self, wanted: Wanted, record: Record) -> None:
        """By the first word that means one. Labels say more than « Issue » or « Task », and less
        than any other word of the tool's own.
        """
        typed, labels = (self._words(record, field) for field in (Field.KIND, Field.LABELS))
        for word in (*typed, *labels):
            _count(self.kinds, word)
        own = [word for word in typed if not self._choices.is_anything(word)]
        said = (kind for word in (*own, *labels, *typed) if (kind := self._choices.kind(word)))
        wanted.values["kind"] = next(said, Kind.STORY).value

    def _words(self, record: Record, field: Field) -> list[str]:
        cells = self._cells(record, field) if field in self._places else ()
        return [word for cell in cells for part in cell.split(",") if (word := part.strip())]

    def _state(self, wanted: Wanted, cells: list[str], column: str) -> None:
        word = next(iter(cells), "")
        if word:
            _count(self.states, word)
        state = self._choices.state(word) if word else State.TO_DO
        if state is None:
            wanted.problems.append(Problem("state", column, {"value": word[:SHOWN]}))
        elif state == ASIDE:
            wanted.aside = True
        else:
            wanted.values["state"] = State(state).value

    def _points(self, wanted: Wanted, cells: list[str], column: str) -> None:
        text = next(iter(cells), "")
        if not text:
            wanted.values["points"] = None
            return
        number = text.replace("\u202f", "").replace("\xa0", "")
        if not _NUMBER.fullmatch(number):
            wanted.problems.append(Problem("points", column, {"value": text[:SHOWN]}))
            return
        exact = Decimal(number.replace(",", "."))
        whole = whole_points(exact)
        if whole > POINTS_MAX:
            facts = {"value": text[:SHOWN], "most": POINTS_MAX}
            wanted.problems.append(Problem("points_range", column, facts))
            return
        if whole != exact:
            facts = {"value": text[:SHOWN], "n": whole}
            wanted.problems.append(Problem("points_rounded", column, facts))
        wanted.values["points"] = whole

    def _assignee(self, wanted: Wanted, cells: list[str], column: str) -> None:
        """Whom the team has of those named; nobody is taken from an item by a name unknown here."""
        text = next(iter(cells), "")
        found, others = self._team.read(text)
        if found or not text:
            wanted.values["assignee"] = found
        if others:
            code = "only_one" if found else "nobody"
            facts = {"value": ", ".join(others)[:SHOWN]}
            wanted.problems.append(Problem(code, column, facts))

    def _reason(self, wanted: Wanted, cells: list[str], column: str) -> None:
        text = _one_line(cells)
        if len(text) > REASON_MAX:
            wanted.problems.append(Problem("reason_cut", column, {"most": REASON_MAX}))
        wanted.reason = text[:REASON_MAX]

    def _archived(self, wanted: Wanted, cells: list[str], _column: str) -> None:
        wanted.aside = wanted.aside or plain(next(iter(cells), "")) in _YES


def whole_points(exact: Decimal) -> int:
    """The nearest whole number, a half going up; what is more than nothing stays so."""
    nearest = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return nearest or int(exact > 0)


def _count(words: dict[str, int], word: str) -> None:
    """So many different ones are remembered that a page can ask about each."""
    word = word[:WORD_MAX]
    if word in words or len(words) < WORDS_MAX:
        words[word] = words.get(word, 0) + 1


_READERS = {
    Field.TITLE: Reader._title,
    Field.DESCRIPTION: Reader._description,
    Field.STATE: Reader._state,
    Field.POINTS: Reader._points,
    Field.ASSIGNEE: Reader._assignee,
    Field.REASON: Reader._reason,
    Field.ARCHIVED: Reader._archived,
}


def _one_line(cells: Sequence[str]) -> str:
    """Without its line breaks, and else as it stands: « 200\u00a0% » keeps its no-break space."""
    return _BREAK.sub(" ", next(iter(cells), "").strip())
