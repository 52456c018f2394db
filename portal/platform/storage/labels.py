"""Sizes and kinds of files as text."""

from babel.numbers import format_decimal
from flask_babel import get_locale

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.storage import office
from portal.platform.storage.contents import ALLOWED_TYPES

_STEP = 1024


def size_in_words(size: int) -> str:
    """A number of bytes as « 2,4 Mo »; units are powers of 1024."""
    if size < _STEP:
        return _("%(n)s octets", n=size)
    amount = size / _STEP
    for unit in (_l("%(n)s ko"), _l("%(n)s Mo")):
        if amount < _STEP:
            return str(unit) % {"n": _short(amount)}
        amount /= _STEP
    return _("%(n)s Go", n=_short(amount))


def _short(amount: float) -> str:
    pattern = "#,##0.#" if amount < 100 else "#,##0"
    return str(format_decimal(amount, format=pattern, locale=get_locale() or "fr"))


_KINDS: dict[str, LazyString] = {
    "application/pdf": _l("PDF"),
    "text/plain": _l("texte"),
    "text/markdown": _l("texte Markdown"),
    "text/csv": _l("tableau CSV"),
    "text/tab-separated-values": _l("tableau TSV"),
    office.MEDIA_TYPES[".docx"]: _l("document Word"),
    office.MEDIA_TYPES[".xlsx"]: _l("classeur Excel"),
    office.MEDIA_TYPES[".pptx"]: _l("présentation PowerPoint"),
    office.MEDIA_TYPES[".odt"]: _l("document LibreOffice"),
    office.MEDIA_TYPES[".ods"]: _l("classeur LibreOffice"),
    office.MEDIA_TYPES[".odp"]: _l("présentation LibreOffice"),
}


def kind_in_words(media_type: str) -> str:
    """The kind of a file as text, by its media type."""
    label = _KINDS.get(media_type)
    return str(label) if label else media_type.rpartition("/")[2].upper()


# The attribute `accept` of file inputs.
ACCEPT = ",".join(ALLOWED_TYPES)
