"""Lines of a table of teams: what they say, and what is wrong with them."""

from datetime import date

import pytest

from portal.platform.tables.csv_file import TableRecord
from portal.project.projects.models import ACRONYM_MAX
from portal.project.team_import.labels import TeamColumn, recognise_columns
from portal.project.team_import.line_rules import (
    ProgrammeTeamConstraints,
    parse_day,
    read_team_lines,
    team_key,
)

NAMES = ["Organisation", "Nom court", "Titre", "Début", "Fin", "Volets", "Porteur", "Membres"]
BOUNDS = ProgrammeTeamConstraints(
    starts_on=date(2026, 1, 5),
    ends_on=date(2026, 11, 4),
    tracks={
        "technique": ("tech", "Technique"),
        "technical": ("tech", "Technique"),
        "droit": ("law", "Droit"),
    },
    keys=frozenset({team_key("Office des forêts", "Lire les forêts")}),
)


def read(*rows: list[str]):
    places = recognise_columns(NAMES).by_column
    return read_team_lines([TableRecord(n, row) for n, row in enumerate(rows, 2)], places, len(NAMES), BOUNDS)


def codes(row: list[str]) -> list[tuple[TeamColumn | None, str]]:
    return [(problem.column, problem.code) for problem in read(row)[0].problems]


def test_two_cells_make_a_team_with_the_days_and_tracks_of_its_programme():
    (line,) = read(["ONF", "", "Lire les forêts"])
    assert not line.problems
    assert (line.starts_on, line.ends_on) == (BOUNDS.starts_on, BOUNDS.ends_on)
    assert line.track_keys == ["tech", "law"]
    assert line.invited == 0


def test_a_whole_line():
    (line,) = read(
        ["ONF", "Forêts", "Lire", "12/03/2026", "2026-09-30", "Technical", "A@ex.fr", "b@ex.fr, c@ex.fr"]
    )
    assert not line.problems
    assert (line.starts_on, line.ends_on) == (date(2026, 3, 12), date(2026, 9, 30))
    assert line.track_keys == ["tech"]
    assert (line.lead, line.members, line.invited) == ("a@ex.fr", ["b@ex.fr", "c@ex.fr"], 3)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["", "", "Lire"], (TeamColumn.ORGANISATION, "missing")),
        (["ONF", "", ""], (TeamColumn.TITLE_FR, "missing")),
        (["ONF", "x" * (ACRONYM_MAX + 1), "Lire"], (TeamColumn.ACRONYM, "too_long")),
        (["ONF", "", "Lire", "31/02/2026"], (TeamColumn.STARTS_ON, "day")),
        (["ONF", "", "Lire", "2025-12-31"], (TeamColumn.STARTS_ON, "too_early")),
        (["ONF", "", "Lire", "2026-03-01", "2026-03-01"], (TeamColumn.ENDS_ON, "end_first")),
        (["ONF", "", "Lire", "", "", "Chant"], (TeamColumn.TRACKS, "track")),
        (["ONF", "", "Lire", "", "", "", "nobody"], (TeamColumn.LEAD, "address")),
        (["ONF", "", "Lire", "", "", "", "", "a@ex.fr;a@ex.fr"], (TeamColumn.MEMBERS, "address_twice")),
        (["ONF", "", "Lire", "", "", "", "", "", "more"], (None, "too_many_cells")),
    ],
)
def test_each_problem_names_its_column(row, problem):
    assert codes(row) == [problem]


def test_a_team_of_the_programme_is_known_however_it_is_typed():
    (line,) = read(["OFFICE des  Forets", "", "Lire les forêts"])
    assert line.is_known
    assert not line.problems


def test_the_same_team_twice_names_the_first_line():
    first, second = read(["ONF", "", "Lire"], ["onf", "", "LIRE"])
    assert not first.problems
    assert [(each.code, each.facts) for each in second.problems] == [("line_twice", {"first": 2})]


@pytest.mark.parametrize("text", ["12 mars", "32/01/2026", "2026-13-01", "46093"])
def test_what_is_no_day(text):
    assert parse_day(text) is None


def test_names_of_columns_are_known_in_both_languages_once(app):
    places = recognise_columns(["Organisation", "Title in French", "TITRE", "Humeur"])
    assert places.by_column == {TeamColumn.ORGANISATION: 0, TeamColumn.TITLE_FR: 1}
    assert (places.twice, places.unknown) == (["TITRE"], ["Humeur"])
