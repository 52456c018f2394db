"""Forms of recommendations: the advice, the answer, the proof."""

from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from portal.coaching.recommendations.commands import RecommendationFacts, RecommendationProof
from portal.coaching.recommendations.labels import LABELS
from portal.coaching.recommendations.models import LINE_MAX, PROOF_MAX, REASON_MAX, URL_MAX, WHY_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import VERSION_MAX, CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import day_field, line_field, link_field, text_field
from portal.platform.web.writes import ButtonForm

Choices = Sequence[tuple[str, str]]


class _RecommendationFields(Form):
    what = line_field(
        _l("Que recommandez-vous ?"),
        LINE_MAX,
        required=_l("Écrivez ce que l’équipe devrait faire."),
        hint=_l("Un geste précis, en une ligne, dont on pourra montrer qu’il est fait."),
    )
    why = text_field(
        LABELS["why"],
        WHY_MAX,
        rows=5,
        required=_l("Dites pourquoi : l’équipe choisit en connaissance de cause."),
        hint=_l("Ce que vous avez vu, et ce que cela changerait. Markdown possible."),
    )
    due_on = day_field(LABELS["due_on"], optional=True)
    gate = SelectField(LABELS["gate"], [Optional()])

    def __init__(self, gates: Choices, *, obj: Any = None, **defaults: Any) -> None:
        super().__init__(obj=obj, **defaults)
        self.gates = gates
        self.gate.choices = build_choices_from_pairs(gates)
        if obj is not None:
            self.gate.data = "" if obj.gate is None else str(obj.gate)

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(self.gates, formdata=None, obj=row)

    def facts(self) -> RecommendationFacts:
        values = self.values
        gate = int(values["gate"]) if values["gate"] else None
        return RecommendationFacts(what=values["what"], why=values["why"], due_on=values["due_on"], gate=gate)


class NewRecommendationForm(_RecommendationFields, CreateForm):
    """Propose a recommendation."""


class EditRecommendationForm(_RecommendationFields, EditForm):
    """Edit a recommendation."""


class DeclineRecommendationForm(EditForm):
    """Decline with a reason."""

    decline_reason = text_field(
        LABELS["decline_reason"], REASON_MAX, rows=4, required=_l("Dites pourquoi : le coach le lira.")
    )


class RecommendationProofForm(EditForm):
    """Complete with a proof."""

    proof = text_field(
        LABELS["proof"],
        PROOF_MAX,
        rows=4,
        hint=_l("Ce qui a changé, où on le voit. Un lien ou un fichier joint suffit aussi."),
    )
    proof_link = link_field(LABELS["proof_link"], URL_MAX)

    def read_proof(self) -> RecommendationProof:
        return RecommendationProof(text=self.values["proof"], link=self.values["proof_link"])


class SendBackProofForm(EditForm):
    """Reject the proof, saying what is missing."""

    sent_back = text_field(LABELS["sent_back"], REASON_MAX, rows=4, required=_l("Dites ce qui manque."))


class AcceptRecommendationForm(ButtonForm):
    """Accept the version that was shown; 0 where the page did not say which."""

    version = IntegerField(validators=[Optional(), NumberRange(0, VERSION_MAX)])


class TurnCommentIntoItemForm(CreateForm):
    """Turn a comment into an item: one button; a refusal shows a confirmation page."""
