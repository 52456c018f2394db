"""Forms of the administration."""

from wtforms import StringField
from wtforms.validators import Email, Length, Optional

from portal.app.administration.models import BANNER_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm
from portal.platform.web.form_fields import integer_field, line_field

MINUTES_MIN, MINUTES_MAX = 15, 7 * 24 * 60
TEXT_MAX = 200


class SettingsForm(EditForm):
    """The settings that a page may change, each by the attribute of `Settings`."""

    contact_email = StringField(
        _l("Adresse de contact"),
        [Optional(), Length(max=TEXT_MAX), Email(_l("Donnez une adresse de courriel."))],
    )
    publisher = line_field(_l("Organisme qui publie"), TEXT_MAX)
    publication_director = line_field(_l("Directeur de la publication"), TEXT_MAX)
    hosting_provider = line_field(_l("Hébergeur, nom et adresse"), TEXT_MAX)
    idle_minutes = integer_field(
        _l("Minutes sans usage avant la fin d’une session"), MINUTES_MIN, MINUTES_MAX
    )
    idle_minutes_demanded = integer_field(
        _l("Les mêmes, pour qui doit avoir un second facteur"), MINUTES_MIN, MINUTES_MAX
    )


class BannerForm(EditForm):
    """A banner in two languages; empty, it goes."""

    banner_fr = line_field(_l("Message en français"), BANNER_MAX, hint=_l("Vide : le bandeau disparaît."))
    banner_en = line_field(_l("Message en anglais"), BANNER_MAX, hint=_l("Vide : le français est montré."))


class InstallationActionForm(CreateForm):
    """A form with a button only; its URL says what it does."""
