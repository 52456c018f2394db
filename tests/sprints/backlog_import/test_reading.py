"""Detection of encoding and layout of a file. Pure."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform.kernel.cells import escape_cell, unescape_cell
from portal.platform.kernel.text import using_language
from portal.platform.tables import csv_file
from portal.platform.tables.csv_file import CsvIntake, UnreadableFile, read_layout, read_records
from portal.sprints.backlog.labels import KINDS, STATES
from portal.sprints.backlog_import import tool_rules
from portal.sprints.backlog_import.tool_rules import ImportField, Tool
from tests.sprints.backlog_import import files


def take(data: bytes, piece: int = 7000) -> tuple[bytes, str]:
    intake = CsvIntake()
    for start in range(0, len(data), piece):
        intake.take(data[start : start + piece])
    return intake.finish()


def read(data: bytes):
    content, encoding = take(data)
    layout = read_layout(content, encoding, tool_rules.count_recognised_names)
    return layout, list(read_records(content, layout))


@pytest.mark.parametrize(
    ("data", "tool", "delimiter", "encoding"),
    [
        (files.gitlab(files.issue(1, "Écran")), Tool.GITLAB, ",", "utf-8"),
        (files.jira(), Tool.JIRA, ",", "utf-8-sig"),
        (files.trello(), Tool.TRELLO, ";", "cp1252"),
        (files.github(), Tool.GITHUB, "\t", "utf-16"),
        (b"number,title,state,labels\n4,Lire,OPEN,bug\n", Tool.GITHUB, ",", "utf-8"),
        (b"Titre;Remarque\nLire;vite\n", Tool.OTHER, ";", "utf-8"),
        ("Résumé,Clé de ticket,État\nLire,C-1,En cours\n".encode(), Tool.JIRA, ",", "utf-8"),
    ],
)
def test_a_file_is_known_by_its_bytes_and_its_columns(data, tool, delimiter, encoding):
    layout, found = read(data)
    assert (layout.encoding, layout.delimiter) == (encoding, delimiter)
    assert tool_rules.detect_tool(layout.names) is tool
    columns = tool_rules.guess_columns(tool, layout.names)
    assert ImportField.TITLE in columns
    assert all(len(record.cells) == len(layout.names) for record in found)


def test_each_tools_columns_are_found():
    gitlab = tool_rules.guess_columns(Tool.GITLAB, files.GITLAB_NAMES)
    assert (gitlab[ImportField.KEY], gitlab[ImportField.POINTS], gitlab.get(ImportField.KIND)) == (
        "Issue ID",
        "Weight",
        None,
    )
    assert (gitlab[ImportField.LABELS], gitlab[ImportField.ASSIGNEE]) == ("Labels", "Assignee")
    jira = tool_rules.guess_columns(Tool.JIRA, files.JIRA_NAMES)
    assert jira[ImportField.KEY] == "Issue key"
    assert jira[ImportField.POINTS] == "Custom field (Story Points)"
    for name in ("Champ personnalisé (Story Points)", "Champs personnalisés (Story point estimate)"):
        assert tool_rules.guess_columns(Tool.JIRA, ["Résumé", "Clé", name])[ImportField.POINTS] == name
    keyless = ["Résumé", "Type de ticket"]
    assert tool_rules.detect_tool(keyless) is Tool.OTHER
    assert tool_rules.guess_columns(Tool.OTHER, keyless)[ImportField.KIND] == "Type de ticket"
    trello = tool_rules.guess_columns(Tool.TRELLO, files.TRELLO_NAMES)
    assert trello[ImportField.STATE] == "List Name"
    assert trello[ImportField.ARCHIVED] == "Archived"


def test_our_own_words_are_known_in_both_languages(app):
    for language in ("fr", "en"):
        with using_language(language):
            assert all(tool_rules.find_word_state(str(word)) == state for state, word in STATES.items())
            assert all(tool_rules.find_word_kind(str(word)) is kind for kind, word in KINDS.items())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("said", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_that_excel_writes_first_is_no_name(end, encoding, said):
    data = f"{said}{end}Titre;État{end}Lire, écrire;À faire{end}".encode(encoding)
    layout, found = read(data)
    assert (layout.names, layout.delimiter) == (["Titre", "État"], ";")
    assert [(record.line, record.cells) for record in found] == [(2, ["Lire, écrire", "À faire"])]


def test_the_line_of_excel_names_another_separator_than_it_seems():
    layout, found = read(b"sep=|\nTitle|a,b,c\nA|1\n")
    assert (layout.names, [record.cells for record in found]) == (["Title", "a,b,c"], [["A", "1"]])
    layout, _found = read(b"sep=;,title\nA,B\n")
    assert layout.names == ["sep=;", "title"]


def test_a_record_says_its_row_in_a_spreadsheet():
    data = b'Title,Description\r\nA,"one\r\ntwo\r\nthree"\r\n\r\nB,\r\n'
    assert [record.line for record in read(data)[1]] == [2, 4]
    with pytest.raises(UnreadableFile) as refused:
        read(data + b'"C"x,\r\n')
    assert refused.value.facts["line"] == 5


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + b"\0" * 40, "archive"),
        (b"Title,State\nA\0,Open\n", "not_csv"),
        ("Title,State\nA\0,Open\n".encode("utf-16"), "not_csv"),
        (b"<!doctype html><title>a</title>", "not_csv"),
        (b'{"title": "a"}', "not_csv"),
        (b"%PDF-1.7 a,b", "not_csv"),
        (b"\xff\xfeT\x00\x00\xd8", "encoding"),
        (b"Title,St\x81te\nA,Open\n", "encoding"),
        (b"\n\n", "no_names"),
        (b"sep=;\n", "no_names"),
        (b",,,\n", "one_column"),
        (b"bonjour\nmonde\n", "one_column"),
        (b"a," * 600 + b"title\n", "too_many_columns"),
        (b'Title,State\nA,"Open\nB,Open\n', "unclosed"),
        (b'Title,State\n"A"x,Open\n', "quotes"),
        (b"Title,State\n" + b"A" * 1024**2 + b",Open\n", "cell_too_large"),
        (b"Title,State\n" + b"A,Open\n" * (csv_file.ROWS_MAX + 1), "too_many_rows"),
    ],
)
def test_what_cannot_be_read_says_why(data, code):
    with pytest.raises(UnreadableFile) as refused:
        read(data)
    assert refused.value.code == code


def test_a_file_is_held_to_its_size_and_stays_small_in_memory():
    intake = CsvIntake()
    for _ in range(200):
        intake.take(b"a" * 65_536)
    with pytest.raises(UnreadableFile, match="too_large"):
        intake.finish()
    assert not intake._packed


RISKY = st.text(st.sampled_from("'=+-@\t\r\n\uff1da ") | st.characters(codec="utf-8"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(RISKY)
def test_no_cell_is_a_formula_and_each_comes_back(text):
    held = escape_cell(text)
    assert not held.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unescape_cell(held) == text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), min_size=1, max_size=6))
def test_whatever_the_text_a_file_is_read_or_refused(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["title", "state"], *rows])
    with suppress(UnreadableFile):
        read(text.getvalue().encode("utf-8", "replace"))


def test_of_two_columns_of_points_the_filled_one_is_proposed():
    names = [
        "Résumé",
        "Clé",
        "Champ personnalisé (Story Points)",
        "Champ personnalisé (Story point estimate)",
    ]
    for filled, empty in ((names[2], names[3]), (names[3], names[2])):
        columns = tool_rules.guess_columns(Tool.JIRA, names, {"Résumé": 9, filled: 4, empty: 1})
        assert columns[ImportField.POINTS] == filled
        assert columns[ImportField.TITLE] == "Résumé"
    assert tool_rules.guess_columns(Tool.JIRA, names)[ImportField.POINTS] == names[2]
