"""Reads the lines of an exported file, CSV or XLSX, in bounded memory. Plain data: no database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from portal.platform.tables.csv_file import (
    ROWS_MAX,
    CsvIntake,
    CsvLayout,
    UnreadableFile,
    read_layout,
    read_records,
)
from portal.platform.tables.workbook import ZIP_MAGIC, read_sheets
from portal.selection.imports.application_rules import UnreadableApplication
from portal.selection.imports.dossier_rules import SourceApplication
from portal.selection.imports.export_rules import (
    COMPANY_SHEET,
    NUMBER_LABELS,
    ExportRow,
    ExportTable,
    cells_by_column,
    count_known_labels,
    group_block_rows,
    read_application_number,
    read_application_row,
)
from portal.selection.imports.models import UploadedExportKind

PART_MAX = 64 * 1024 * 1024  # bytes of a part of a workbook, decompressed
_PLACE, _SIRET = ("champ",), ("etablissement siret",)
_APPLICANT = "Dossier"  # what the sheet of organisations says of the applicant's own


class StoredExport:
    """An export as it is stored: its kind, its content (a CSV is compressed), its layout."""

    def __init__(self, kind: UploadedExportKind, content: bytes, layout: CsvLayout | None) -> None:
        self.kind, self.content, self.layout = kind, content, layout


def read_uploaded_export_and_tables(data: bytes) -> tuple[StoredExport, Sequence[ExportTable]]:
    """An uploaded file with its tables. Raises `UnreadableFile`, `no_number_column` without one
    that holds the numbers of applications."""
    if data.startswith(ZIP_MAGIC):
        stored = StoredExport(UploadedExportKind.WORKBOOK, data, None)
        tables = [
            ExportTable(name, sheet.records[0].cells)
            for name, sheet in read_sheets(data, ROWS_MAX + 1, PART_MAX).items()
            if sheet.records
        ]
    else:
        intake = CsvIntake()
        intake.take(data)
        packed, encoding = intake.finish()
        layout = read_layout(packed, encoding, count_known_labels)
        stored = StoredExport(UploadedExportKind.CSV, packed, layout)
        tables = [ExportTable("", layout.names)]
    if not tables or tables[0].find_column(NUMBER_LABELS) is None:
        raise UnreadableFile("no_number_column")
    return stored, tables


class ExportReader:
    """The lines of a stored export, in their order; reading on is cheap, going back starts again."""

    def __init__(self, stored: StoredExport) -> None:
        self._stored = stored
        self._lines: Iterator[ExportRow] | None = None
        self._place = 0
        self._table: ExportTable | None = None

    def read_lines(self, place: int, count: int) -> Sequence[ExportRow]:
        """Up to `count` lines from a place, from 0. Raises `UnreadableFile`."""
        if self._lines is None or place != self._place:
            self._lines = self._open_lines()
            self._place = sum(1 for _line in islice(self._lines, place))
        lines = list(islice(self._lines, count))
        self._place += len(lines)
        return lines

    def read_application(self, line: ExportRow) -> SourceApplication:
        """A line as an application. Raises `UnreadableApplication`."""
        if self._table is None:
            raise UnreadableApplication("no_number")
        if line.repeats_number:
            raise UnreadableApplication("repeated_number")
        return read_application_row(self._table, line)

    def _open_lines(self) -> Iterator[ExportRow]:
        """The lines from the first on; those whose number a line above them has are marked."""
        layout, numbers = self._stored.layout, set()
        for line in self._open_workbook() if layout is None else self._open_csv(layout):
            number = _read_application_number(self._table, line.cells) if self._table else ""
            yield replace(line, repeats_number=number in numbers)
            if number:
                numbers.add(number)

    def _open_csv(self, layout: CsvLayout) -> Iterator[ExportRow]:
        table = self._table = ExportTable("", layout.names)
        for record in read_records(self._stored.content, layout):
            yield ExportRow(record.line, cells_by_column(table, record.cells))

    def _open_workbook(self) -> Iterator[ExportRow]:
        sheets = read_sheets(self._stored.content, ROWS_MAX + 1, PART_MAX)
        filled = [(name, sheet) for name, sheet in sheets.items() if sheet.records]
        (name, main), others = filled[0], filled[1:]
        table = self._table = ExportTable(name, main.records[0].cells)
        companies: Mapping[str, str] = {}
        blocks = {}
        for other_name, sheet in others:
            other = ExportTable(other_name, sheet.records[0].cells)
            cells = [record.cells for record in sheet.records[1:]]
            if other_name == COMPANY_SHEET:
                companies = _map_company_numbers_by_application(other, cells)
            else:
                blocks[other_name] = group_block_rows(other, cells)
        for record in main.records[1:]:
            own = cells_by_column(table, record.cells)
            number = _read_application_number(table, own)
            rows = {block: groups[number] for block, groups in blocks.items() if number in groups}
            yield ExportRow(record.line, own, rows, companies.get(number, ""), main.from_1904)


def _read_application_number(table: ExportTable, cells: Mapping[str, str]) -> str:
    place = table.find_column(NUMBER_LABELS)
    try:
        return read_application_number(cells.get(table.keys[place], "")) if place is not None else ""
    except UnreadableApplication:
        return ""


def _map_company_numbers_by_application(
    table: ExportTable, records: Sequence[Sequence[str]]
) -> Mapping[str, str]:
    """The SIRET of each applicant, by the number of the application."""
    number, place, siret = (
        table.find_column(NUMBER_LABELS),
        table.find_column(_PLACE),
        table.find_column(_SIRET),
    )
    if number is None or siret is None:
        return {}
    companies = {}
    for cells in records:
        padded = [*cells, *[""] * (len(table.labels) - len(cells))]
        if place is None or padded[place] == _APPLICANT:
            companies[_read_application_number(table, cells_by_column(table, cells))] = padded[siret]
    return companies
