"""Forms of decisions that are written back."""

from collections.abc import Sequence

from wtforms import BooleanField, SelectField

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm, build_choices_from_pairs
from portal.platform.web.form_fields import line_field
from portal.selection.imports.form_rules import ProcedureFormField
from portal.selection.imports.models import ID_MAX


class ReplySettingForm(EditForm):
    """Say as whom decisions are sent, and whether the source mails applicants."""

    instructor_id = line_field(
        _l("Identifiant de l’instructeur"),
        ID_MAX,
        required=_l("Donnez l’identifiant d’un instructeur de la démarche."),
        hint=_l("Tel que l’API le donne. Le jeton de l’appel doit pouvoir écrire."),
    )
    annotation_id = SelectField(
        _l("Annotation privée qui dit la décision"),
        description=_l("Une annotation de texte de la démarche, que les candidats ne voient pas."),
    )
    is_silent = BooleanField(_l("Ne pas laisser la démarche écrire aux candidats : nos lettres le font"))

    def __init__(self, annotations: Sequence[ProcedureFormField], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.annotations = annotations
        choices = [("", _("Aucune")), *((field.id, field.label) for field in annotations)]
        self.annotation_id.choices = build_choices_from_pairs(choices)

    def make_form_from_stored(self, row: object) -> "ReplySettingForm":
        """The same form, filled from the stored row."""
        return type(self)(self.annotations, formdata=None, obj=row)
