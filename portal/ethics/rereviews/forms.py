"""Forms to answer a trigger, and to confirm or return an answer."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.ethics.rereviews.labels import ANSWERS
from portal.ethics.rereviews.models import REASON_MAX, TriggerAnswer
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm, choices_of, enum_coercer


class TriggerAnswerForm(EditForm):
    """An answer and its reason; `answers` are the possible ones."""

    answer = RadioField(
        _l("Qu’en concluez-vous ?"),
        [InputRequired(_l("Choisissez une réponse."))],
        coerce=enum_coercer(TriggerAnswer),
    )
    because = TextAreaField(
        _l("Pourquoi"),
        [
            DataRequired(_l("Dites pourquoi : votre nom et cette raison resteront.")),
            Length(max=REASON_MAX),
        ],
        description=_l("L’équipe et le relecteur liront cette raison, avec votre nom."),
        render_kw={"rows": 4},
    )

    def __init__(self, answers: Sequence[TriggerAnswer], *, obj: Any = None, **usual: Any) -> None:
        super().__init__(obj=obj, **usual)
        self.answers = answers
        self.answer.choices = choices_of((answer, ANSWERS[answer]) for answer in answers)

    def as_stored(self, row: Any) -> EditForm:
        return type(self)(self.answers, formdata=None, obj=row)


class ReturnAnswerForm(EditForm):
    """Why a second person rejects the answer."""

    returned_because = TextAreaField(
        _l("Ce qui vous fait douter"),
        [DataRequired(_l("Dites ce qui vous fait douter.")), Length(max=REASON_MAX)],
        render_kw={"rows": 3},
    )
