"""Forms of the import: the uploaded file, and the confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import BooleanField, FileField

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import LazyString, clean_text
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.tables.csv_file import (
    CsvIntake,
    TableRecord,
    UnreadableFile,
    read_layout,
    read_records,
)
from portal.platform.tables.workbook import ZIP_MAGIC, read_first_sheet
from portal.platform.web.base_form import CreateForm
from portal.platform.web.uploads import StreamedUpload
from portal.sprints.backlog_import import labels as files
from portal.sprints.backlog_import.tool_rules import count_recognised_names
from portal.user_tests.rounds import import_labels
from portal.user_tests.rounds.expected_results_rules import ExpectedFileContent
from portal.user_tests.rounds.import_models import LINES_MAX, ResultsImportLine
from portal.user_tests.rounds.import_rules import EPOCH, EPOCH_1904, parse_result_lines
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_labels import scale_wording

FILE_MAX = 2 * 1024 * 1024  # bytes
TOO_LARGE = "too_large", {"megabytes": FILE_MAX // 1024**2}


class ResultsUploadForm(CreateForm):
    """One file, CSV or XLSX."""

    results = FileField(
        _l("Fichier de résultats (CSV ou XLSX)"),
        description=_l("2 Mo et 200 participants au plus."),
        render_kw={
            "accept": ".csv,.tsv,.txt,.xlsx,text/csv",
            "data-largest": FILE_MAX,
            "data-too-large": LazyString(files.refusal_sentence, *TOO_LARGE),
        },
    )


@dataclass(frozen=True)
class ParsedResultsFile:
    """What a file says: its name, its lines, and the columns that are ignored."""

    name: str
    lines: Sequence[ResultsImportLine]
    unknown: Sequence[str]


def read_results_file(
    upload: Any, round_: TestRound, expected: ExpectedFileContent, since: date, *, field: str
) -> ParsedResultsFile:
    """Read an uploaded file of results, of consents since a day. Raises `RuleBroken` on `field`."""
    if not isinstance(getattr(upload, "stream", None), StreamedUpload) or not upload.filename:
        raise RuleBroken(field, _("Choisissez un fichier."))
    try:
        names, lines, epoch = _read_table(upload.stream.meter.content)
    except UnreadableFile as refused:
        raise RuleBroken(field, files.refusal_sentence(refused.code, refused.facts)) from None
    places = import_labels.recognise_columns(names, expected)
    if places.twice:
        raise RuleBroken(field, _("La colonne « %(name)s » est deux fois.", name=places.twice[0]))
    if import_labels.CONSENT not in places.by_column:
        sentence = _("Il manque la colonne « Accord donné le » : partez du modèle.")
        raise RuleBroken(field, sentence)
    if not lines:
        raise RuleBroken(field, _("Ce fichier n’a aucune ligne sous ses titres."))
    scale = scale_wording(round_.scale)
    most = scale.most if scale else 0
    parsed_lines = parse_result_lines(lines, names, places, expected, most=most, since=since, epoch=epoch)
    return ParsedResultsFile(upload.filename, parsed_lines, places.unknown)


def _read_table(data: bytes | None) -> tuple[Sequence[str], Sequence[TableRecord], date]:
    """Return column names, lines and day 0 of a CSV or XLSX file; `data` None: it was too large.

    Raises `UnreadableFile`.
    """
    if data is None:
        code, facts = TOO_LARGE
        raise UnreadableFile(code, **facts)
    if data.startswith(ZIP_MAGIC):
        sheet = read_first_sheet(data, LINES_MAX + 1)
        if not sheet.records:
            raise UnreadableFile("no_names")
        names = [clean_text(cell) for cell in sheet.records[0].cells]
        return names, sheet.records[1:], EPOCH_1904 if sheet.from_1904 else EPOCH
    intake = CsvIntake()
    intake.take(data)
    packed, encoding = intake.finish()
    layout = read_layout(packed, encoding, count_recognised_names)
    table_rows: list[TableRecord] = []
    for record in read_records(packed, layout):
        if len(table_rows) >= LINES_MAX:
            raise UnreadableFile("too_many_rows", most=LINES_MAX)
        table_rows.append(record)
    return layout.names, table_rows, EPOCH


class ResultsConfirmForm(CreateForm):
    """Confirm an import; `sure`: what looks like contact data is none."""

    sure = BooleanField(_l("Ce ne sont les coordonnées de personne : garder ces textes"))
