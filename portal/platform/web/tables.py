"""Write tables as CSV and XLSX in bounded memory, for spreadsheets and for imports."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

import xlsxwriter
from flask import Response
from flask_babel import get_locale

from portal.platform.kernel.cells import escape_cell

MEMORY_MAX = 1024 * 1024  # bytes; a larger file is written to disk
PIECE_SIZE = 64 * 1024
CHOICES_MAX = 255  # characters of a list, the limit of Excel
# Excel splits CSV at the list separator of its locale: in French a semicolon, because the comma is
# the decimal sign.
DELIMITERS = {"fr": ";", "en": ","}
MIME_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class Table:
    """A table: title, name of its sheet (31 characters at most, the limit of Excel), names and
    widths (characters) of its columns, rows.

    `choices` maps columns (from 0) to the values that their first `lines` cells offer.
    """

    title: str
    sheet: str
    names: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    lines: int = 0


def write_csv(table: Table, delimiter: str) -> IO[bytes]:
    """A CSV file at its start. UTF-8 with BOM, without which Excel misreads accents."""
    file = SpooledTemporaryFile(MEMORY_MAX)  # noqa: SIM115  closed by the sender
    text = io.TextIOWrapper(cast(IO[bytes], file), encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(table.names)
    point = "," if delimiter == ";" else "."
    writer.writerows(_iterate_text_rows(table.rows, point))
    text.flush()
    text.detach()
    file.seek(0)
    return cast(IO[bytes], file)


def _iterate_text_rows(rows: Iterable[Sequence[Cell]], point: str) -> Iterator[list[str]]:
    for row in rows:
        yield [_cell_text(cell, point) for cell in row]


def _cell_text(cell: Cell, point: str) -> str:
    if isinstance(cell, Decimal):  # a negative number is no formula
        return str(cell).replace(".", point)
    return "" if cell is None else escape_cell(str(cell))


def write_xlsx(table: Table) -> IO[bytes]:
    """An XLSX file at its start: one sheet with text, numbers and days, never formulas."""
    file = SpooledTemporaryFile(MEMORY_MAX)  # noqa: SIM115  closed by the sender
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": table.title})
    sheet = book.add_worksheet(table.sheet)
    bold = book.add_format({"bold": True})
    amount = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    top = book.add_format({"text_wrap": True, "valign": "top"})
    for n, width in enumerate(table.widths):
        sheet.set_column(n, n, width)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, table.names, bold)
    last = 0
    for last, row in enumerate(table.rows, 1):
        for n, cell in enumerate(row):
            if isinstance(cell, Decimal):
                sheet.write_number(last, n, float(cell), amount)
            else:
                _write_cell(sheet, (last, n), cell, day, top)
    if last:
        sheet.autofilter(0, 0, last, len(table.names) - 1)
    for n, values in table.choices.items():
        if len(",".join(values)) <= CHOICES_MAX:
            validation = {"validate": "list", "source": list(values), "error_type": "warning"}
            sheet.data_validation(1, n, table.lines, n, validation)
    book.close()
    file.seek(0)
    return cast(IO[bytes], file)


def send_table(table: Table, kind: str, name: str) -> Response:
    """Answer with a table as `name`.`kind`; CSV has the delimiter of the reader's language."""
    return send_written_table(write_table(table, kind), kind, name)


def write_table(table: Table, kind: str) -> bytes | Iterator[bytes]:
    """The content of that file: bytes when small, else pieces."""
    if kind == "csv":
        language = getattr(get_locale(), "language", "fr")
        return read_file_for_response(write_csv(table, DELIMITERS.get(language, ",")))
    return read_file_for_response(write_xlsx(table))


def send_written_table(content: bytes | Iterator[bytes], kind: str, name: str) -> Response:
    """Answer with a file that `write_table` wrote."""
    response = Response(content, mimetype=MIME_TYPES[kind])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return response


def read_file_for_response(file: IO[bytes]) -> bytes | Iterator[bytes]:
    """The content of a file for a response: bytes when small, else pieces. Closes the file."""
    first = file.read(MEMORY_MAX)
    if len(first) < MEMORY_MAX:
        file.close()
        return first
    return _iterate_first_piece_and_rest(first, file)


def _iterate_first_piece_and_rest(first: bytes, file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield first
        while piece := file.read(PIECE_SIZE):
            yield piece


def _write_cell(sheet: Any, at: tuple[int, int], cell: str | int | date | None, day: Any, top: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(*at, cell, day)
    elif isinstance(cell, int):
        sheet.write_number(*at, cell)
    elif cell:
        sheet.write_string(*at, cell, top)
