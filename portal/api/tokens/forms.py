"""Forms of a new access token, and of a new machine account."""

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from portal.api.tokens.labels import AREAS
from portal.api.tokens.machine_policy import machine_role_choices
from portal.api.tokens.models import NAME_MAX
from portal.platform.kernel.access import Role
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, build_choices_from_pairs
from portal.platform.web.form_fields import line_field, radio_field

DAYS = {
    "30": _l("30 jours"),
    "90": _l("90 jours"),
    "365": _l("Un an"),
}


class MachineTokenForm(CreateForm):
    """Name, scope and life of a token, that counts in one programme."""

    name = line_field(_l("Nom"), NAME_MAX, required=_l("Donnez un nom."), hint=_l("L’outil qui l’emploiera."))
    can_write = BooleanField(_l("Il peut aussi écrire"))
    areas = SelectMultipleField(
        _l("Domaines"), choices=build_choices_from_pairs(AREAS), description=_l("Aucun : tous.")
    )
    days = RadioField(
        _l("Il expire après"),
        [InputRequired()],
        choices=build_choices_from_pairs(DAYS),
        coerce=str,
        default="90",
    )


class PersonalTokenForm(MachineTokenForm):
    """The same for a person's token, which may count in all their programmes."""

    programme_id = SelectField(_l("Programme"), default="")

    def set_programmes(self, programmes: list[tuple[str, str]]) -> None:
        """Offer these programmes, (id, name), beside all of them."""
        self.programme_id.choices = build_choices_from_pairs([("", _("Tous les miens")), *programmes])


class MachineForm(CreateForm):
    """Name of a machine, and what it may do in the programme."""

    name = line_field(
        _l("Nom"),
        NAME_MAX,
        required=_l("Donnez un nom."),
        hint=_l("Celui de l’outil : il sera écrit à côté de ce qu’il fait."),
    )
    role = radio_field(_l("Ce qu’elle peut, comme"), machine_role_choices(), Role)
