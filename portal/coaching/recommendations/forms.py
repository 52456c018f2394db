"""Forms of recommendations: the advice, the answer, the proof."""

from typing import Any

from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.coaching.recommendations.commands import RecommendationFacts, RecommendationProof
from portal.coaching.recommendations.labels import LABELS
from portal.coaching.recommendations.models import (
    GATE_MAX,
    LINE_MAX,
    PROOF_MAX,
    REASON_MAX,
    URL_MAX,
    WHY_MAX,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    VERSION_MAX,
    CreateForm,
    EditForm,
    Form,
    choices_of,
    validate_plausible_date,
    validate_web_link,
)

_GATES = [("", _l("Aucun en particulier")), *((str(n), f"G{n}") for n in range(GATE_MAX + 1))]


class _RecommendationFields(Form):
    what = StringField(
        _l("Que recommandez-vous ?"),
        [DataRequired(_l("Écrivez ce que l’équipe devrait faire.")), Length(max=LINE_MAX)],
        description=_l("Un geste précis, en une ligne, dont on pourra montrer qu’il est fait."),
    )
    why = TextAreaField(
        LABELS["why"],
        [
            DataRequired(_l("Dites pourquoi : l’équipe choisit en connaissance de cause.")),
            Length(max=WHY_MAX),
        ],
        description=_l("Ce que vous avez vu, et ce que cela changerait. Markdown possible."),
        render_kw={"rows": 5},
    )
    due_on = DateField(LABELS["due_on"], [Optional(), validate_plausible_date])
    gate = SelectField(LABELS["gate"], [Optional()], choices=choices_of(_GATES))

    def __init__(self, *, obj: Any = None, **defaults: Any) -> None:
        super().__init__(obj=obj, **defaults)
        if obj is not None:
            self.gate.data = "" if obj.gate is None else str(obj.gate)

    def facts(self) -> RecommendationFacts:
        values = self.values
        gate = int(values["gate"]) if values["gate"] else None
        return RecommendationFacts(
            what=values["what"], why=values["why"], due_on=values["due_on"], gate=gate
        )


class NewRecommendationForm(_RecommendationFields, CreateForm):
    """Propose a recommendation."""


class RecommendationForm(_RecommendationFields, EditForm):
    """Edit a recommendation."""


class DeclineForm(EditForm):
    """Decline with a reason."""

    decline_reason = TextAreaField(
        LABELS["decline_reason"],
        [DataRequired(_l("Dites pourquoi : le coach le lira.")), Length(max=REASON_MAX)],
        render_kw={"rows": 4},
    )


class RecommendationProofForm(EditForm):
    """Complete with a proof."""

    proof = TextAreaField(
        LABELS["proof"],
        [Length(max=PROOF_MAX)],
        description=_l("Ce qui a changé, où on le voit. Un lien ou un fichier joint suffit aussi."),
        render_kw={"rows": 4},
    )
    proof_link = StringField(LABELS["proof_link"], [Length(max=URL_MAX), validate_web_link])

    def read_proof(self) -> RecommendationProof:
        return RecommendationProof(text=self.values["proof"], link=self.values["proof_link"])


class SendBackForm(EditForm):
    """Reject the proof, saying what is missing."""

    sent_back = TextAreaField(
        LABELS["sent_back"],
        [DataRequired(_l("Dites ce qui manque.")), Length(max=REASON_MAX)],
        render_kw={"rows": 4},
    )


class RecommendationActionForm(Form):
    """A button without fields."""


class AcceptForm(RecommendationActionForm):
    """Accept the version that was shown; 0 where the page did not say which."""

    version = IntegerField(validators=[Optional(), NumberRange(0, VERSION_MAX)])


class ItemForm(CreateForm):
    """Turn a comment into an item: one button; a refusal shows a confirmation page."""
