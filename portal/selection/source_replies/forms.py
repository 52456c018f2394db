"""Forms of decisions that are written back."""

from wtforms import BooleanField

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm
from portal.platform.web.form_fields import line_field
from portal.selection.imports.models import ID_MAX


class RepliesForm(EditForm):
    """Say as whom decisions are sent, and whether the source mails applicants."""

    instructor_id = line_field(
        _l("Identifiant de l’instructeur"),
        ID_MAX,
        required=_l("Donnez l’identifiant d’un instructeur de la démarche."),
        hint=_l("Tel que l’API le donne. Le jeton de l’appel doit pouvoir écrire."),
    )
    is_silent = BooleanField(_l("Ne pas laisser la démarche écrire aux candidats : nos lettres le font"))
