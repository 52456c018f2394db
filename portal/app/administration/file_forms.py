"""Forms that take a text, typed or as a file: a list of people, a questionnaire."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from wtforms import FileField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import clean_text
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, Form
from portal.platform.web.uploads import StreamedUpload

FILE_MAX = 200 * 1024  # bytes


class TextFileForm(Form):
    """A text to be looked at; nothing is written. The file goes before what is typed."""

    file = FileField(_l("Fichier"), description=_l("200 ko au plus."))
    text = TextAreaField(_l("Ou son texte"), [Length(max=FILE_MAX)], render_kw={"rows": 12})

    def read_text(self) -> str:
        """The text of the file, or else the typed one. Raises `RuleBroken`."""
        uploaded = self.file.data
        if isinstance(getattr(uploaded, "stream", None), StreamedUpload) and uploaded.filename:
            return decode_file(uploaded.stream.meter.content)
        if not (self.text.data or "").strip():
            raise RuleBroken("file", _("Choisissez un fichier, ou écrivez son texte."))
        return self.text.data or ""


class CheckedTextForm(CreateForm):
    """A text that was looked at, sent again to be acted on."""

    text = TextAreaField(_l("Texte"), [DataRequired(), Length(max=FILE_MAX)])

    def as_text_file_form(self) -> TextFileForm:
        """The form to look at it again, with what is wrong."""
        empty_form = TextFileForm(formdata=None, data={"text": self.text.data or ""})
        empty_form.text.errors = list(self.text.errors)
        empty_form.form_errors = list(self.form_errors)
        return empty_form


def decode_file(content: bytes | None) -> str:
    """The text of a file in UTF-8, as Windows writes it, or in UTF-16 as Excel writes « Unicode text ».

    Raises `RuleBroken`."""
    if content is None:
        raise RuleBroken("file", _("Ce fichier dépasse 200 ko."))
    is_utf16 = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return clean_text(text)
    raise RuleBroken("file", _("Ce fichier n’est pas du texte lisible : enregistrez-le en UTF-8."))
