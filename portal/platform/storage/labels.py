"""Sizes and kinds of files as text, and why search does not find them by theirs."""

from babel.numbers import format_decimal
from flask_babel import get_locale

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.storage import office
from portal.platform.storage.contents import ALLOWED_TYPES
from portal.platform.storage.extraction import UnreadReason

_STEP = 1024


def size_in_words(size: int) -> str:
    """A number of bytes as « 2,4 Mo »; units are powers of 1024."""
    if size < _STEP:
        return _("%(n)s octets", n=size)
    amount = size / _STEP
    for unit in (_l("%(n)s ko"), _l("%(n)s Mo")):
        if amount < _STEP:
            return str(unit) % {"n": _format_short_amount(amount)}
        amount /= _STEP
    return _("%(n)s Go", n=_format_short_amount(amount))


def _format_short_amount(amount: float) -> str:
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


_UNREAD: dict[UnreadReason, LazyString] = {
    UnreadReason.LOCKED: _l("il est protégé par un mot de passe"),
    UnreadReason.ENTITIES: _l(
        "il déclare un type de document (DOCTYPE), que le portail ne lit pas par prudence ; enregistrez-le à"
        " nouveau depuis votre logiciel"
    ),
    UnreadReason.DEEP: _l("ce qu’il contient est trop imbriqué"),
    UnreadReason.LARGE: _l("il prend trop de place une fois ouvert"),
    UnreadReason.SLOW: _l("il demande trop de temps à lire"),
    UnreadReason.DAMAGED: _l("il est incomplet ou abîmé"),
    UnreadReason.NO_TEXT: _l(
        "il ne contient pas de texte, comme un document numérisé ; joignez-en une version avec du texte"
    ),
    UnreadReason.LONG: _l("la suite est trop longue"),
}


def explain_unread_text(reason: UnreadReason | None, has_text: bool | None) -> str:
    """Why search finds a file by its name alone, or by its name and the beginning of its text; without
    a reason its text is yet to be read."""
    if reason is None:
        return _("La recherche ne le trouve encore que par son nom : son texte attend d’être lu.")
    if has_text:
        return _("La recherche ne le trouve que par son nom et son début : %(why)s.", why=_UNREAD[reason])
    return _("La recherche ne le trouve que par son nom : %(why)s.", why=_UNREAD[reason])


# The attribute `accept` of file inputs.
ACCEPT = ",".join(ALLOWED_TYPES)
