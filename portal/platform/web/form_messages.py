"""The error messages of WTForms in the portal's words and the reader's language."""

from collections.abc import Callable, Mapping

from portal.platform.kernel.text import format_sentence, ngettext
from portal.platform.kernel.text import gettext as _

_SENTENCES: Mapping[str, Callable[[], str]] = {
    "This field is required.": lambda: _("Ce champ est à remplir."),
    "Invalid input.": lambda: _("Cette valeur ne convient pas."),
    "Invalid email address.": lambda: _(
        "Écrivez une adresse électronique, par exemple prenom.nom@ministere.gouv.fr."
    ),
    "Not a valid choice.": lambda: _("Choisissez dans la liste."),
    "Invalid Choice: could not coerce.": lambda: _("Choisissez dans la liste."),
    "Invalid choice(s): one or more data inputs could not be coerced.": lambda: _(
        "Choisissez dans la liste."
    ),
    "Not a valid date value.": lambda: _("Écrivez une date qui existe."),
    "Not a valid integer value.": lambda: _("Écrivez un nombre entier."),
    "Not a valid decimal value.": lambda: _("Écrivez un nombre."),
    "Number must be at least %(min)s.": lambda: _("Donnez un nombre d’au moins %(min)s."),
    "Number must be at most %(max)s.": lambda: _("Donnez un nombre d’au plus %(max)s."),
    "Number must be between %(min)s and %(max)s.": lambda: _("Donnez un nombre entre %(min)s et %(max)s."),
}


class _LimitSentence(str):
    """A sentence that WTForms formats with a field's limits, digit-grouped from 1000 on."""

    __slots__ = ()

    def __mod__(self, limits: Mapping[str, object]) -> str:
        return format_sentence(str(self), limits)


class FormTranslations:
    """Translations for WTForms; an unlisted message becomes « Cette valeur ne convient pas. »."""

    def gettext(self, sentence: str) -> str:
        return _LimitSentence(_SENTENCES.get(sentence, _SENTENCES["Invalid input."])())

    def ngettext(self, singular: str, _several: str, n: int) -> str:
        if singular.startswith("Field cannot be longer"):
            return _LimitSentence(ngettext("Au plus %%(max)s caractère.", "Au plus %%(max)s caractères.", n))
        if singular.startswith("Field must be at least"):
            return _LimitSentence(
                ngettext("Au moins %%(min)s caractère.", "Au moins %%(min)s caractères.", n)
            )
        if "valid choice" in singular:
            return _SENTENCES["Not a valid choice."]()
        return self.gettext(singular)
