"""Forms to answer a trigger, and to confirm or return an answer."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField
from wtforms.validators import InputRequired

from portal.ethics.rereviews.labels import ANSWERS
from portal.ethics.rereviews.models import REASON_MAX, TriggerAnswer
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm, build_choices_from_pairs, enum_coercer
from portal.platform.web.form_fields import text_field


class TriggerAnswerForm(EditForm):
    """An answer and its reason; `answers` are the possible ones."""

    answer = RadioField(
        _l("Qu’en concluez-vous ?"),
        [InputRequired(_l("Choisissez une réponse."))],
        coerce=enum_coercer(TriggerAnswer),
    )
    because = text_field(
        _l("Pourquoi"),
        REASON_MAX,
        rows=4,
        required=_l("Dites pourquoi : votre nom et cette raison resteront."),
        hint=_l("L’équipe et le relecteur liront cette raison, avec votre nom."),
    )

    def __init__(self, answers: Sequence[TriggerAnswer], *, obj: Any = None, **usual: Any) -> None:
        super().__init__(obj=obj, **usual)
        self.answers = answers
        self.answer.choices = build_choices_from_pairs((answer, ANSWERS[answer]) for answer in answers)

    def make_form_from_stored(self, row: Any) -> EditForm:
        return type(self)(self.answers, formdata=None, obj=row)


class ConfirmHarmlessForm(EditForm):
    """Why a second person confirms that a possible harm changes nothing."""

    confirmed_because = text_field(
        _l("Pourquoi vous êtes d’accord"),
        REASON_MAX,
        rows=3,
        required=_l("Dites pourquoi : un préjudice est possible."),
        hint=_l("Un préjudice est possible : votre nom et cette raison resteront."),
    )


class ReturnAnswerForm(EditForm):
    """Why a second person rejects the answer."""

    returned_because = text_field(
        _l("Ce qui vous fait douter"), REASON_MAX, rows=3, required=_l("Dites ce qui vous fait douter.")
    )
