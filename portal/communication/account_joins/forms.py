"""Forms of joining two accounts."""

from collections.abc import Mapping

from wtforms import BooleanField, HiddenField
from wtforms.validators import Length

from portal.people.accounts.models import EMAIL_MAX
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, Form
from portal.platform.web.form_fields import line_field, radio_field, text_field

REASON_MAX = 500
DIGEST_MAX = 64
STAYS: Mapping[str, LazyString] = {
    "other": _l("L’autre compte reste, celui-ci disparaît"),
    "this": _l("Ce compte reste, l’autre disparaît"),
}


class OtherAccountForm(Form):
    """The other account of a person, and which one stays."""

    address = line_field(_l("Adresse de l’autre compte"), EMAIL_MAX, required=_l("Donnez son adresse."))
    stays = radio_field(_l("Lequel reste ?"), STAYS, str, required=_l("Choisissez l’une des deux réponses."))


class JoinForm(CreateForm):
    """Why, the typed address of the account that goes, and the digest of the preview."""

    reason = text_field(
        _l("Pourquoi ces deux comptes sont ceux d’une même personne"),
        REASON_MAX,
        rows=3,
        required=_l("Dites pourquoi."),
    )
    move_identities = BooleanField(_l("Garder les accès ProConnect du compte qui disparaît"))
    address = line_field(
        _l("Pour confirmer, l’adresse du compte qui disparaît"),
        EMAIL_MAX,
        required=_l("Tapez cette adresse."),
    )
    previewed_digest = HiddenField(validators=[Length(max=DIGEST_MAX)])
