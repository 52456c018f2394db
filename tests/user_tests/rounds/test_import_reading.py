"""Parsing the cells of a file, and the problems of each."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from portal.platform.kernel import clock
from portal.platform.tables.csv_file import TableRecord
from portal.project.framing.models import TargetGroup
from portal.user_tests.rounds import import_labels as words
from portal.user_tests.rounds.expected_results_rules import ExpectedFileContent
from portal.user_tests.rounds.import_models import ResultsImportLine, fingerprint_lines
from portal.user_tests.rounds.import_rules import EPOCH_1904, parse_day, parse_result_lines
from portal.user_tests.rounds.models import TestTask

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
SINCE = date(2026, 1, 5)
ASKS = ExpectedFileContent(
    tasks=[TestTask(number=1, title="Chercher (vite)"), TestTask(number=3, title="Lire")],
    items=2,
    groups=[TargetGroup(number=2, name="Inspecteurs")],
)


@pytest.fixture(autouse=True)
def in_a_request(app):
    with app.test_request_context(), clock.frozen_at(NOW):
        yield


def read(epoch=None, **cells: str) -> ResultsImportLine:
    """Parse a line; keywords are column names with `_` for each space."""
    names = [name.replace("_", " ") for name in cells]
    places = words.recognise_columns(names, ASKS)
    assert not places.unknown
    record = TableRecord(2, list(cells.values()))
    given = {"epoch": epoch} if epoch else {}
    return parse_result_lines([record], names, places, ASKS, most=7, since=SINCE, **given)[0]


AGREED = {"Accord_donné_le": "12/03/2026"}


def codes(line: ResultsImportLine) -> list[tuple[str, str]]:
    return [(one.column, one.code) for one in line.problems]


def test_a_whole_line_is_read():
    line = read(
        **AGREED,
        Public="INSPECTEURS",
        T1_résultat="avec de l'aide",
        T1_secondes="1:23",
        T1_facilité="5.0",
        T1_erreurs="0",
        T1_notes="Hésite.",
        T3_résultat="Not tried",
        Q1="4",
        Q2="7",
        Notes="Pressée.",
    )
    assert line == ResultsImportLine(
        line=2,
        group=2,
        consent_on="2026-03-12",
        results={
            "1": {"outcome": "helped", "seconds": 83, "ease": 5, "errors": 0, "notes": "Hésite."},
            "3": {"outcome": "not_tried"},
        },
        answers={"1": 4, "2": 7},
        notes="Pressée.",
    )


@pytest.mark.parametrize(
    ("column", "typed", "code"),
    [
        ("T1_résultat", "ok", "outcome"),
        ("T1_secondes", "vite", "seconds"),
        ("T1_secondes", "0", "seconds"),
        ("T1_secondes", "86401", "seconds"),
        ("T1_facilité", "8", "number"),
        ("T1_facilité", "4,5", "number"),
        ("T1_erreurs", "1000", "number"),
        ("T1_erreurs", "-1", "number"),
        ("T1_notes", "a" * 4001, "long"),
        ("Q1", "8", "number"),
        ("Public", "Passants", "group"),
        ("Répétition", "peut-être", "rehearsal"),
        ("Code", "P3", "code"),
    ],
)
def test_what_is_wrong_stands_beside_its_cell(column, typed, code):
    line = read(**AGREED, **{"T3_notes": "x", column: typed})
    assert codes(line) == [(column.replace("_", " "), code)]
    said = words.problem_sentence(line.problems[0], ASKS.groups)
    assert "%(" not in said
    assert code == "long" or typed in said


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "consent"), ("hier", "date"), ("21/03/2026", "to_come"), ("12/03/2025", "too_early")],
)
def test_no_line_without_a_consent_that_was_given(typed, code):
    line = read(Accord_donné_le=typed, T1_résultat="Réussie")
    assert codes(line) == [("Accord donné le", code)]
    told = words.problem_sentence(line.problems[0], [])
    assert ("5 janvier 2026" in told) is (code == "too_early")


def test_an_empty_line_says_nothing():
    assert codes(read(**AGREED, T1_résultat="")) == [("", "nothing")]


def test_more_cells_than_columns_is_a_cut_that_went_wrong():
    names = ["Accord donné le", "Notes"]
    record = TableRecord(2, ["12/03/2026", "a", "b"])
    (line,) = parse_result_lines(
        [record], names, words.recognise_columns(names, ASKS), ASKS, most=5, since=SINCE
    )
    assert codes(line) == [("", "cells")]


def test_of_no_target_group_may_be_said_or_left_out():
    assert read(**AGREED, Notes="n", Public="Aucun des publics visés").group is None
    assert read(**AGREED, Notes="n").group is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/03/2026", date(2026, 3, 12)),
        ("2026-03-12", date(2026, 3, 12)),
        ("2026-03-12T00:00:00", date(2026, 3, 12)),
        ("46093", date(2026, 3, 12)),
        ("46093.56930326128", date(2026, 3, 12)),
        ("31/02/2026", None),
        ("12/03/26", None),
        ("12", None),
        ("999999999", None),
        ("12/03/1926", None),
    ],
)
def test_days_as_people_and_spreadsheets_write_them(text, day):
    assert parse_day(text) == day


def test_a_workbook_of_a_macintosh_counts_from_1904():
    assert parse_day("44631", EPOCH_1904) == date(2026, 3, 12)


def test_the_templates_own_names_are_recognised_in_both_languages():
    names = words.template_column_names(ASKS)
    assert "T1 résultat (Chercher (vite))" in names
    places = words.recognise_columns(names, ASKS)
    assert not places.unknown
    assert not places.twice
    assert len(places.by_column) == len(names)
    english = words.recognise_columns(["Consent given on", "T3 result", "Target group"], ASKS)
    assert set(english.by_column) >= {words.CONSENT, ("s", "group")}


def test_what_nobody_asked_for_is_named_and_what_is_twice_too():
    places = words.recognise_columns(["Notes", "T9 notes", "notes", "Score", ""], ASKS)
    assert (places.unknown, places.twice) == (["T9 notes"], ["notes"])
    assert places.by_column == {("s", "notes"): 0}


def test_a_cell_that_a_spreadsheet_would_run_comes_back_as_it_was():
    assert read(**AGREED, Notes="'=fort").notes == "=fort"


def test_contacts_in_any_note_are_seen():
    line = read(**AGREED, T1_notes="Écrire à lea@demo.example", Notes="ou au 06 12 34 56 78")
    assert set(line.contacts) == {"lea@demo.example", "06 12 34 56 78"}


def test_a_print_tells_lines_and_rounds_apart_and_not_where_they_stand():
    round_id = uuid4()
    line = read(**AGREED, T1_résultat="Réussie")
    moved = ResultsImportLine(**{**line.__dict__, "line": 9})
    other = read(**AGREED, T1_résultat="Pas réussie")
    one, two, three = fingerprint_lines(round_id, [line, moved, other])
    assert len({one, two, three}) == 3  # an identical second line is another participant
    assert fingerprint_lines(round_id, [other, moved]) == [three, one]
    assert fingerprint_lines(uuid4(), [line]) != [one]


def test_what_is_kept_reads_back_as_it_was():
    line = read(**AGREED, T1_résultat="ok", T1_secondes="83", Q1="3")
    assert ResultsImportLine.from_json(line.as_json()) == ResultsImportLine(
        **{**line.__dict__, "problems": list(line.problems)}
    )
