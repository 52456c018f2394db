"""Labels on the team's pages about its sheet."""

from portal.ethics.transparency.field_rules import TransparencyField
from portal.ethics.transparency.models import TransparencyPart
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

PARTS: dict[TransparencyPart, LazyString] = {
    TransparencyPart.PUBLIC: _l("L’essentiel, pour tout le monde"),
    TransparencyPart.EXPERTS: _l("Le détail, pour qui veut comprendre"),
    TransparencyPart.CHOICE: _l("Les données et les risques qui paraissent"),
}
LANGUAGES: dict[str, LazyString] = {"fr": _l("français"), "en": _l("anglais")}


def missing_field_text(field: TransparencyField, language: str) -> str:
    """« Ce que fait l’outil, en anglais »."""
    if not language:
        return str(field.label)
    return _("%(what)s, en %(language)s", what=field.label, language=LANGUAGES[language])
