"""A file of results as it comes in, and the word to write it."""

from collections.abc import Sequence
from datetime import date

from wtforms import BooleanField, FileField

from portal.exchange import words as files
from portal.exchange.reading import Intake, NotReadable, Record, read_layout, records
from portal.exchange.workbook import MARK, read_workbook
from portal.kernel.errors import RuleBroken
from portal.kernel.text import LazyString, clean
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.user_tests import import_words as words
from portal.user_tests.import_queries import Asks
from portal.user_tests.import_reading import EPOCH, EPOCH_1904, read_lines
from portal.user_tests.imports import LINES_MAX, Line
from portal.web.forms import CreateForm
from portal.web.passing import Passed

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
            "data-too-large": LazyString(files.refusal, *TOO_LARGE),
        },
    )

    def read(self, asks: Asks, most: int, since: date) -> tuple[str, Sequence[Line], Sequence[str]]:
        """Its name, what its lines say, the columns left aside. Raises `RuleBroken`."""
        given = self.results.data
        if not isinstance(getattr(given, "stream", None), Passed) or not given.filename:
            raise RuleBroken("results", _("Choisissez un fichier."))
        try:
            names, lines, epoch = _table_of(given.stream.meter.content)
        except NotReadable as refused:
            sentence = files.refusal(refused.code, refused.facts)
            raise RuleBroken("results", sentence) from None
        places = words.recognise(names, asks)
        if places.twice:
            sentence = _("La colonne « %(name)s » est deux fois.", name=places.twice[0])
            raise RuleBroken("results", sentence)
        if words.CONSENT not in places.of:
            sentence = _("Il manque la colonne « Accord donné le » : partez du modèle.")
            raise RuleBroken("results", sentence)
        if not lines:
            raise RuleBroken("results", _("Ce fichier n’a aucune ligne sous ses titres."))
        read = read_lines(lines, names, places, asks, most=most, since=since, epoch=epoch)
        return given.filename, read, places.unknown


def _table_of(data: bytes | None) -> tuple[Sequence[str], Sequence[Record], date]:
    """The names of the columns, the lines, and the day from which numbers count. None: too large.

    Raises `NotReadable`.
    """
    if data is None:
        code, facts = TOO_LARGE
        raise NotReadable(code, **facts)
    if data.startswith(MARK):
        sheet = read_workbook(data, LINES_MAX + 1)
        if not sheet.records:
            raise NotReadable("no_names")
        names = [clean(cell) for cell in sheet.records[0].cells]
        return names, sheet.records[1:], EPOCH_1904 if sheet.from_1904 else EPOCH
    intake = Intake()
    intake.take(data)
    packed, encoding = intake.finish()
    layout = read_layout(packed, encoding)
    found: list[Record] = []
    for record in records(packed, layout):
        if len(found) >= LINES_MAX:
            raise NotReadable("too_many_rows", most=LINES_MAX)
        found.append(record)
    return layout.names, found, EPOCH


class ConfirmForm(CreateForm):
    """The word to write what was read; `sure`: what looks like a way to reach somebody is none."""

    sure = BooleanField(_l("Ce ne sont les coordonnées de personne : garder ces textes"))
