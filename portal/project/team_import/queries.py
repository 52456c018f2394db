"""Read a table of teams as the programme would take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select

from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel.database import db
from portal.platform.kernel.text import fold
from portal.platform.tables.csv_file import CsvIntake, UnreadableFile, read_layout, read_records
from portal.project.projects.models import Project
from portal.project.team_import.labels import TeamColumn, count_known_column_names, recognise_columns
from portal.project.team_import.line_rules import (
    ProgrammeTeamConstraints,
    TeamLine,
    read_team_lines,
    team_key,
)

LINES_MAX = 200  # teams in one import


@dataclass(frozen=True)
class TeamsPreview:
    """What an import would do, by line."""

    lines: Sequence[TeamLine]
    unknown: Sequence[str]  # names of columns that it leaves aside

    @property
    def wrong(self) -> Sequence[TeamLine]:
        return [line for line in self.lines if line.problems]

    @property
    def new(self) -> Sequence[TeamLine]:
        return [line for line in self.lines if not line.problems and not line.is_known]

    @property
    def present(self) -> Sequence[TeamLine]:
        """Teams that the programme has already: they are left aside."""
        return [line for line in self.lines if line.is_known and not line.problems]

    @property
    def left_aside(self) -> Sequence[str]:
        """The addresses of people whom it would not invite, since their team is there already."""
        return [address for line in self.present for address in line.addresses]

    @property
    def invited(self) -> int:
        """How many invitations it would send."""
        return sum(line.invited for line in self.new)


def read_teams_preview(programme: Programme, text: str) -> TeamsPreview:
    """Read a table with the names of its columns on the first line.

    Raises `UnreadableFile`; its own codes are `column_twice` (`name`), `no_column` (`column`) and
    `no_lines`.
    """
    intake = CsvIntake()
    intake.take(text.encode())
    packed, encoding = intake.finish()
    layout = read_layout(packed, encoding, count_known_column_names)
    places = recognise_columns(layout.names)
    if places.twice:
        raise UnreadableFile("column_twice", name=places.twice[0])
    for column in (TeamColumn.ORGANISATION, TeamColumn.TITLE_FR):
        if column not in places.by_column:
            raise UnreadableFile("no_column", column=column)
    records = list(islice(read_records(packed, layout), LINES_MAX + 1))
    if len(records) > LINES_MAX:
        raise UnreadableFile("too_many_rows", most=LINES_MAX)
    if not records:
        raise UnreadableFile("no_lines")
    lines = read_team_lines(
        records, places.by_column, len(layout.names), _read_programme_team_constraints(programme)
    )
    return TeamsPreview(lines, places.unknown)


def _read_programme_team_constraints(programme: Programme) -> ProgrammeTeamConstraints:
    tracks: dict[str, tuple[str, str]] = {}
    for track in list_tracks(programme.id):
        tracks |= {
            fold(name): (track.key, track.name) for name in (track.name_fr, track.name_en, track.key) if name
        }
    rows = select(Project.organisation, Project.title_fr).where(Project.programme_id == programme.id)
    return ProgrammeTeamConstraints(
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        tracks=tracks,
        keys=frozenset(team_key(organisation, title) for organisation, title in db.session.execute(rows)),
    )
