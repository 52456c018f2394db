"""Forms of the import of teams: the lines to check, and the checked lines to create."""

import zlib

from wtforms import FileField, HiddenField, TextAreaField
from wtforms.validators import Length

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.tables.csv_file import CsvIntake, UnreadableFile
from portal.platform.tables.refusals import table_refusal_sentence
from portal.platform.web.base_form import CreateForm, Form
from portal.platform.web.uploads import StreamedUpload
from portal.project.team_import.labels import refused_table_sentence

LINES_LENGTH_MAX = 200_000  # characters: the form repeats them once they are checked
FILE_MAX = 1024 * 1024  # bytes
TOO_LARGE = "too_large", {"megabytes": FILE_MAX // 1024**2}


class TeamLinesForm(Form):
    """Lines to check: pasted, or a file. Checking them changes nothing."""

    table = FileField(
        _l("Fichier CSV"),
        description=_l("200 équipes au plus."),
        render_kw={
            "accept": ".csv,.tsv,.txt,text/csv,text/tab-separated-values",
            "data-largest": FILE_MAX,
            "data-too-large": LazyString(table_refusal_sentence, *TOO_LARGE),
        },
    )
    lines = TextAreaField(
        _l("Ou les lignes elles-mêmes, copiées d’un tableur"),
        [Length(max=LINES_LENGTH_MAX)],
        description=_l("La première nomme les colonnes."),
    )

    def read_text(self) -> str:
        """The text of the file, which then stands in the field, or of the field.

        Raises `RuleBroken` on `table` or `lines`.
        """
        uploaded = self.table.data
        if isinstance(getattr(uploaded, "stream", None), StreamedUpload) and uploaded.filename:
            try:
                self.lines.data = _decode_file(uploaded.stream.meter.content)
            except UnreadableFile as refused:
                raise RuleBroken("table", refused_table_sentence(refused.code, refused.facts)) from None
            self.lines.raw_data = None
        if not self.lines.data:
            raise RuleBroken("table", _("Choisissez un fichier, ou collez des lignes."))
        return str(self.lines.data)


def _decode_file(data: bytes | None) -> str:
    if data is None:
        code, facts = TOO_LARGE
        raise UnreadableFile(code, **facts)
    intake = CsvIntake()
    intake.take(data)
    packed, encoding = intake.finish()
    try:
        text = zlib.decompress(packed).decode(encoding)
    except UnicodeDecodeError:  # cut within a character
        raise UnreadableFile("encoding") from None
    if len(text) > LINES_LENGTH_MAX:
        raise UnreadableFile("too_long", most=LINES_LENGTH_MAX)
    return text


class CheckedTeamsForm(CreateForm):
    """The checked lines, to create their teams."""

    lines = HiddenField(validators=[Length(max=LINES_LENGTH_MAX)])
