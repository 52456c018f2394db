"""A file of results as it comes in, and the word to write it."""

from collections.abc import Sequence
from datetime import date

from wtforms import BooleanField, FileField

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import LazyString, clean
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm
from portal.platform.web.uploads import StreamedUpload
from portal.sprints.backlog_import import labels as files
from portal.sprints.backlog_import.csv_documents import (
    FileIntake,
    Record,
    UnreadableFile,
    read_layout,
    read_records,
)
from portal.sprints.backlog_import.workbook_documents import ZIP_MAGIC, read_workbook
from portal.user_tests.rounds import import_labels as words
from portal.user_tests.rounds.import_models import LINES_MAX, ResultsImportLine
from portal.user_tests.rounds.import_queries import ExpectedResults
from portal.user_tests.rounds.import_rules import EPOCH, EPOCH_1904, read_lines

FILE_MAX = 2 * 1024 * 1024  # bytes
TOO_LARGE = "too_large", {"megabytes": FILE_MAX // 1024**2}


class ResultsForm(CreateForm):
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

    def read(
        self, asks: ExpectedResults, most: int, since: date
    ) -> tuple[str, Sequence[ResultsImportLine], Sequence[str]]:
        """Its name, what its lines say, the columns left aside. Raises `RuleBroken`."""
        uploaded = self.results.data
        if (
            not isinstance(getattr(uploaded, "stream", None), StreamedUpload)
            or not uploaded.filename
        ):
            raise RuleBroken("results", _("Choisissez un fichier."))
        try:
            names, lines, epoch = _table_of(uploaded.stream.meter.content)
        except UnreadableFile as refused:
            sentence = files.refusal_sentence(refused.code, refused.facts)
            raise RuleBroken("results", sentence) from None
        places = words.recognise_columns(names, asks)
        if places.twice:
            sentence = _("La colonne « %(name)s » est deux fois.", name=places.twice[0])
            raise RuleBroken("results", sentence)
        if words.CONSENT not in places.by_column:
            sentence = _("Il manque la colonne « Accord donné le » : partez du modèle.")
            raise RuleBroken("results", sentence)
        if not lines:
            raise RuleBroken("results", _("Ce fichier n’a aucune ligne sous ses titres."))
        read = read_lines(lines, names, places, asks, most=most, since=since, epoch=epoch)
        return uploaded.filename, read, places.unknown


def _table_of(data: bytes | None) -> tuple[Sequence[str], Sequence[Record], date]:
    """The names of the columns, the lines, and the day from which numbers count. None: too large.

    Raises `NotReadable`.
    """
    if data is None:
        code, facts = TOO_LARGE
        raise UnreadableFile(code, **facts)
    if data.startswith(ZIP_MAGIC):
        sheet = read_workbook(data, LINES_MAX + 1)
        if not sheet.records:
            raise UnreadableFile("no_names")
        names = [clean(cell) for cell in sheet.records[0].cells]
        return names, sheet.records[1:], EPOCH_1904 if sheet.from_1904 else EPOCH
    intake = FileIntake()
    intake.take(data)
    packed, encoding = intake.finish()
    layout = read_layout(packed, encoding)
    table_rows: list[Record] = []
    for record in read_records(packed, layout):
        if len(table_rows) >= LINES_MAX:
            raise UnreadableFile("too_many_rows", most=LINES_MAX)
        table_rows.append(record)
    return layout.names, table_rows, EPOCH


class ResultsConfirmForm(CreateForm):
    """The word to write what was read; `sure`: what looks like a way to reach somebody is none."""

    sure = BooleanField(_l("Ce ne sont les coordonnées de personne : garder ces textes"))
