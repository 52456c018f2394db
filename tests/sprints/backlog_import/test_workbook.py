"""Reading the first sheet of a workbook as text; malformed and hostile files are refused."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from portal.platform.tables.csv_file import UnreadableFile
from portal.platform.tables.workbook import read_first_sheet
from portal.platform.web import tables
from portal.platform.web.tables import Table

BOOK = '<workbook><sheets><sheet name="a" {id}="r1"/></sheets></workbook>'
ID = 'xmlns:r="urn:rel" r:id'
LINKS = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
SHEET = "<worksheet><sheetData>{}</sheetData></worksheet>"


def pack(rows: str, book: str = BOOK.replace("{id}", ID), **parts: str) -> bytes:
    """A minimal workbook."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows))
        for name, text in parts.items():
            archive.writestr(f"xl/{name}.xml", text)
    return made.getvalue()


def cells(data: bytes) -> list[tuple[int, list[str]]]:
    return [(one.line, one.cells) for one in read_first_sheet(data, 99).records]


def refused(data: bytes, most: int = 99) -> str:
    with pytest.raises(UnreadableFile) as why:
        read_first_sheet(data, most)
    return why.value.code


def test_what_the_portal_writes_it_reads():
    rows = [["Légende", 3, date(2026, 3, 12), None], [None, None, None, "=1+1"]]
    table = Table("t", "s", ["A", "B", "C", "D"], [9, 9, 9, 9], rows)
    with tables.write_xlsx(table) as file:
        found = cells(file.read())
    assert found == [(1, ["A", "B", "C", "D"]), (2, ["Légende", "3", "46093"]), (3, ["", "", "", "=1+1"])]


def test_another_writers_book_gives_what_is_shown(tmp_path):
    path = tmp_path / "b.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": True})
    book.add_worksheet("cachée").hide()
    shown = book.add_worksheet("vue")
    shown.activate()
    shown.write(4, 2, "loin")
    shown.write_formula(5, 0, "=1+1", None, 2)
    shown.write_boolean(5, 1, True)
    shown.write_rich_string(6, 0, "un ", book.add_format({"bold": True}), "gras")
    book.close()
    sheet = read_first_sheet(path.read_bytes(), 99)
    assert sheet.from_1904
    assert [(one.line, one.cells) for one in sheet.records] == [
        (5, ["", "", "loin"]),
        (6, ["2", "1"]),
        (7, ["un gras"]),
    ]


def test_cells_without_an_address_follow_each_other():
    rows = '<row><c t="inlineStr"><is><t>a</t></is></c><c><v>2</v></c></row><row><c/></row>'
    assert cells(pack(rows)) == [(1, ["a", "2"])]


def test_how_a_text_is_pronounced_is_not_read():
    strings = "<sst><si><t>東</t><rPh><t>ひがし</t></rPh></si></sst>"
    rows = '<row><c t="s"><v>0</v></c></row>'
    assert cells(pack(rows, sharedStrings=strings)) == [(1, ["東"])]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row><c t="s"><v>7</v></c></row>', "workbook"),  # no such shared string
        ('<row><c t="s"><v>-1</v></c></row>', "workbook"),
        ('<row><c t="s"><v>x</v></c></row>', "workbook"),
        ('<row r="0"><c><v>1</v></c></row>', "workbook"),
        ('<row r="3"/><row r="2"/>', "workbook"),
        ('<row r="99999999"/>', "workbook"),
        ('<row><c r="é1"><v>1</v></c></row>', "workbook"),
        ('<row><c r="ZZZ1"><v>1</v></c></row>', "too_many_columns"),
        ("<row><c>", "workbook"),
        ('<row><c t="str"><v>' + "a" * 200_000 + "</v></c></row>", "workbook"),
    ],
)
def test_a_sheet_that_makes_no_sense_is_refused(rows, code):
    assert refused(pack(rows)) == code


def test_no_entity_is_ever_expanded():
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]>' + BOOK.replace("{id}", ID)
    assert refused(pack("", book=bomb)) == "workbook"


def test_a_part_that_swells_is_refused_before_it_is_unpacked():
    data = pack("<row/>" * 3_000_000)
    assert len(data) < 200_000
    assert refused(data) == "too_large"


def test_more_lines_than_wanted_are_refused():
    rows = "<row><c><v>1</v></c></row>" * 4
    assert len(cells(pack(rows))) == 4
    assert refused(pack(rows), 3) == "too_many_rows"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, pack("")[:-40]])
def test_what_is_no_workbook_is_refused(data):
    assert refused(data) == "workbook"


def test_another_archive_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert refused(made.getvalue()) == "workbook"
