"""Read the lines of a table of teams, and note the problems of each cell. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from portal.platform.kernel.cells import unescape_cell
from portal.platform.kernel.text import clean_text, fold, fold_words
from portal.platform.tables.csv_file import TableRecord
from portal.project.projects.models import ACRONYM_MAX, LINE_MAX, ORGANISATION_MAX, TEXT_MAX, TITLE_MAX
from portal.project.team_import.labels import TeamColumn

EXCERPT_MAX = 80  # characters of a cell in a sentence about it
_LIMITS = {
    TeamColumn.ORGANISATION: ORGANISATION_MAX,
    TeamColumn.ACRONYM: ACRONYM_MAX,
    TeamColumn.TITLE_FR: TITLE_MAX,
    TeamColumn.TITLE_EN: TITLE_MAX,
    TeamColumn.PROBLEM: TEXT_MAX,
    TeamColumn.USERS_AIMED_AT: LINE_MAX,
}
_REQUIRED = (TeamColumn.ORGANISATION, TeamColumn.TITLE_FR)
_LIST = re.compile(r"[,;|\n]")
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")

TeamKey = tuple[str, str]  # folded organisation and title: the same for one team


@dataclass(frozen=True)
class TeamLineProblem:
    """A problem of a line: the column, a code and the values of its sentence."""

    column: TeamColumn | None
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TeamLine:
    """A line: a team. `texts` by the columns of a project; addresses are lower-case."""

    line: int
    texts: Mapping[TeamColumn, str]
    starts_on: date
    ends_on: date
    track_keys: Sequence[str]
    lead: str
    members: Sequence[str]
    problems: Sequence[TeamLineProblem]
    is_known: bool  # the programme has this team already

    @property
    def addresses(self) -> Sequence[str]:
        """The people whom it names, its lead first."""
        return [address for address in (self.lead, *self.members) if address]

    @property
    def invited(self) -> int:
        """How many people it invites."""
        return len(self.addresses)


@dataclass(frozen=True, kw_only=True)
class ProgrammeTeamConstraints:
    """What a programme allows and already holds; `tracks` maps folded names to (key, name)."""

    starts_on: date
    ends_on: date
    tracks: Mapping[str, tuple[str, str]]
    keys: frozenset[TeamKey]


def team_key(organisation: str, title: str) -> TeamKey:
    return fold_words(organisation), fold_words(title)


def read_team_lines(
    records: Iterable[TableRecord],
    places: Mapping[TeamColumn, int],
    width: int,
    bounds: ProgrammeTeamConstraints,
) -> Sequence[TeamLine]:
    """The lines of a table of `width` columns, in order."""
    first_lines: dict[TeamKey, int] = {}
    return [_LineReader(record, places, width, bounds).read(first_lines) for record in records]


class _LineReader:
    """Reads one line and collects its problems."""

    def __init__(
        self,
        record: TableRecord,
        places: Mapping[TeamColumn, int],
        width: int,
        bounds: ProgrammeTeamConstraints,
    ) -> None:
        self._record, self._places, self._width, self._bounds = record, places, width, bounds
        self._problems: list[TeamLineProblem] = []

    def read(self, first_lines: dict[TeamKey, int]) -> TeamLine:
        """The line; `first_lines` remembers where each team stood first."""
        if any(cell.strip() for cell in self._record.cells[self._width :]):
            self._note_problem(None, "too_many_cells", n=len(self._record.cells), most=self._width)
        texts = {column: self._read_text(column, most) for column, most in _LIMITS.items()}
        starts_on = self._read_day_or_default(TeamColumn.STARTS_ON, self._bounds.starts_on)
        ends_on = self._read_day_or_default(TeamColumn.ENDS_ON, self._bounds.ends_on)
        if starts_on < self._bounds.starts_on:
            value = self._cell_text(TeamColumn.STARTS_ON)
            self._note_problem(TeamColumn.STARTS_ON, "too_early", value=value, first=self._bounds.starts_on)
        elif ends_on <= starts_on:
            self._note_problem(TeamColumn.ENDS_ON, "end_first")
        track_keys = self._read_track_keys()
        lead = "".join(self._read_addresses(TeamColumn.LEAD, separate=False))
        members = self._read_addresses(TeamColumn.MEMBERS)
        self._note_repeated_addresses([lead, *members])
        key = team_key(texts[TeamColumn.ORGANISATION], texts[TeamColumn.TITLE_FR])
        first = first_lines.setdefault(key, self._record.line)
        if first != self._record.line and all(key):
            self._note_problem(None, "line_twice", first=first)
        return TeamLine(
            line=self._record.line,
            texts=texts,
            starts_on=starts_on,
            ends_on=ends_on,
            track_keys=track_keys,
            lead=lead,
            members=members,
            problems=tuple(self._problems),
            is_known=key in self._bounds.keys,
        )

    def _note_problem(self, column: TeamColumn | None, code: str, **facts: Any) -> None:
        if isinstance(facts.get("value"), str):
            facts["value"] = facts["value"][:EXCERPT_MAX]
        self._problems.append(TeamLineProblem(column, code, facts))

    def _cell_text(self, column: TeamColumn) -> str:
        place = self._places.get(column)
        if place is None or place >= len(self._record.cells):
            return ""
        return clean_text(unescape_cell(self._record.cells[place]))

    def _read_text(self, column: TeamColumn, most: int) -> str:
        text = self._cell_text(column)
        if column is not TeamColumn.PROBLEM:
            text = " ".join(text.split("\n"))
        if len(text) > most:
            self._note_problem(column, "too_long", most=most)
        elif not text and column in _REQUIRED:
            self._note_problem(column, "missing")
        return text

    def _read_day_or_default(self, column: TeamColumn, default: date) -> date:
        text = self._cell_text(column)
        if not text:
            return default
        day = parse_day(text)
        if day is None:
            self._note_problem(column, "day", value=text)
        return day or default

    def _read_track_keys(self) -> Sequence[str]:
        """The keys of the named tracks; all of the programme's where none is named."""
        names = _split_list(self._cell_text(TeamColumn.TRACKS))
        tracks_by_name = self._bounds.tracks
        for name in names:
            if fold(name) not in tracks_by_name:
                tracks = ", ".join(dict.fromkeys(track_name for _key, track_name in tracks_by_name.values()))
                self._note_problem(TeamColumn.TRACKS, "track", value=name, tracks=tracks)
        keys = [tracks_by_name[fold(name)][0] for name in names if fold(name) in tracks_by_name]
        return list(dict.fromkeys(keys or (key for key, _name in tracks_by_name.values())))

    def _read_addresses(self, column: TeamColumn, *, separate: bool = True) -> Sequence[str]:
        text = self._cell_text(column)
        addresses = []
        for address in _split_list(text) if separate else filter(None, [text]):
            try:
                validate_email(
                    address, check_deliverability=False, allow_smtputf8=False, test_environment=True
                )
            except EmailNotValidError:
                self._note_problem(column, "address", value=address)
            else:
                addresses.append(address.lower())
        return addresses

    def _note_repeated_addresses(self, addresses: Sequence[str]) -> None:
        for address in dict.fromkeys(addresses):
            if address and addresses.count(address) > 1:
                self._note_problem(TeamColumn.MEMBERS, "address_twice", value=address)


def parse_day(text: str) -> date | None:
    """A day as « 2026-03-12 » or « 12/03/2026 »; None for anything else."""
    try:
        if match := _FRENCH_DAY.fullmatch(text):
            day, month, year = map(int, match.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None


def _split_list(text: str) -> list[str]:
    return [part.strip() for part in _LIST.split(text) if part.strip()]
