"""What the pages around a sheet call its parts and what it lacks."""

from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.transparency.contents import Field
from portal.transparency.models import Part

PARTS: dict[Part, LazyString] = {
    Part.PUBLIC: _l("L’essentiel, pour tout le monde"),
    Part.EXPERTS: _l("Le détail, pour qui veut comprendre"),
    Part.CHOICE: _l("Les données et les risques qui paraissent"),
}
LANGUAGES: dict[str, LazyString] = {"fr": _l("français"), "en": _l("anglais")}


def lacking(field: Field, language: str) -> str:
    """« Ce que fait l’outil, en anglais »."""
    if not language:
        return str(field.label)
    return _("%(what)s, en %(language)s", what=field.label, language=LANGUAGES[language])
