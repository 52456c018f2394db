"""Forms of sign-in, profile, password and address."""

from collections.abc import Sequence
from typing import Any

from wtforms import EmailField, HiddenField, PasswordField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Email, EqualTo, InputRequired, Length, ValidationError

from portal.people.accounts.access_commands import PersonalTokenOrLink
from portal.people.accounts.commands import Profile
from portal.people.accounts.models import EMAIL_MAX, NAME_MAX, PASSWORD_MAX, PASSWORD_MIN
from portal.platform.kernel.text import LOCALES
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import line_field

LANGUAGES = [("fr", "Français"), ("en", "English")]

TIME_ZONES = [
    ("Europe/Paris", _l("Hexagone et Corse (Paris)")),
    ("America/Guadeloupe", _l("Guadeloupe")),
    ("America/Martinique", _l("Martinique")),
    ("America/Cayenne", _l("Guyane")),
    ("Indian/Reunion", _l("La Réunion")),
    ("Indian/Mayotte", _l("Mayotte")),
    ("America/Miquelon", _l("Saint-Pierre-et-Miquelon")),
    ("America/Marigot", _l("Saint-Martin")),
    ("America/St_Barthelemy", _l("Saint-Barthélemy")),
    ("Pacific/Noumea", _l("Nouvelle-Calédonie")),
    ("Pacific/Tahiti", _l("Polynésie française (Tahiti)")),
    ("Pacific/Wallis", _l("Wallis-et-Futuna")),
    ("UTC", _l("Temps universel (UTC)")),
]


class SignInForm(Form):
    email = EmailField(_l("Adresse électronique"), [DataRequired(), Length(max=EMAIL_MAX)])
    password = PasswordField(_l("Mot de passe"), [InputRequired(), Length(max=PASSWORD_MAX)])
    next = HiddenField(validators=[Length(max=1000)])


class ProfileForm(EditForm):
    name = line_field(_l("Nom affiché"), NAME_MAX, required=_l("Écrivez un nom."))
    locale = SelectField(_l("Langue"), choices=build_choices_from_pairs(LANGUAGES))
    time_zone = SelectField(_l("Fuseau horaire"), choices=build_choices_from_pairs(TIME_ZONES))

    def profile(self) -> Profile:
        return Profile(**{name: self.values[name] for name in Profile.__dataclass_fields__})


def address_field() -> EmailField:
    """Return a field for a deliverable e-mail address."""
    return EmailField(
        _l("Adresse électronique"),
        [
            DataRequired(_l("Donnez une adresse.")),
            Length(max=EMAIL_MAX),
            Email(
                _l("Donnez une adresse comme prenom.nom@exemple.gouv.fr, sans accents."),
                allow_smtputf8=False,  # few mail servers support it
            ),
        ],
    )


class ForgottenPasswordForm(Form):
    """Request a letter for a new password."""

    email = address_field()


def _current_password_field() -> PasswordField:
    return PasswordField(_l("Mot de passe actuel"), [InputRequired(), Length(max=PASSWORD_MAX)])


def _new_password_field() -> PasswordField:
    """Return a field without a minimum length: the command checks it with the strength."""
    return PasswordField(_l("Nouveau mot de passe"), [InputRequired()])


def _repeated_password_field() -> PasswordField:
    return PasswordField(
        _l("Nouveau mot de passe, encore une fois"),
        [InputRequired(), EqualTo("password", _l("Les deux mots de passe diffèrent."))],
    )


class ChangeAddressForm(Form):
    email = address_field()
    current_password = _current_password_field()


class NewPasswordForm(Form):
    password = _new_password_field()
    repeated = _repeated_password_field()


class KeepTokensAndLinksForm(Form):
    """Which tokens and links stay open after a change; none unless they are ticked."""

    keep = SelectMultipleField(
        _l("À garder ouverts"),
        description=_l("Ce qui n’est pas coché est fermé avec vos autres sessions."),
    )

    def __init__(self, lines: Sequence[PersonalTokenOrLink] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if lines:
            self.keep.choices = build_choices_from_pairs([(line.key, line.label) for line in lines])
        else:
            del self.keep

    @property
    def chosen_keys(self) -> Sequence[str]:
        """The keys of the lines to keep."""
        return self.keep.data or () if "keep" in self else ()


class ChangePasswordForm(KeepTokensAndLinksForm):
    current_password = _current_password_field()
    password = _new_password_field()
    repeated = _repeated_password_field()


class LanguageForm(Form):
    locale = SelectField(choices=build_choices_from_pairs([(locale, locale) for locale in LOCALES]))
    next = HiddenField(validators=[Length(max=1000)])


class NewAccountForm(Form):
    """Open an account by an invitation; the password has at least `least` characters."""

    name = line_field(_l("Votre nom"), NAME_MAX, required=_l("Écrivez votre nom."))
    password = PasswordField(_l("Choisissez un mot de passe"), [InputRequired(), Length(max=PASSWORD_MAX)])
    repeated = PasswordField(
        _l("Le mot de passe, encore une fois"),
        [InputRequired(), EqualTo("password", _l("Les deux mots de passe diffèrent."))],
    )

    def __init__(self, least: int = PASSWORD_MIN, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least = least

    def validate_password(self, field: PasswordField) -> None:
        if len(field.data or "") < self.least:
            raise ValidationError(_("Choisissez au moins %(n)s caractères.", n=self.least))
