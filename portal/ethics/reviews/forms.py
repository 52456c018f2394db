"""Forms of a review: opening, import, opinions, decision, conditions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # new
from wtforms.validators import Length

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.reviews.condition_commands import ConditionProof
from portal.ethics.reviews.labels import OUTCOMES
from portal.ethics.reviews.models import DECIDED, REASON_MAX, TEXT_MAX, URL_MAX, ReviewState, SectionOpinion
from portal.ethics.reviews.reviewer_commands import ConditionFacts
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import clean_text
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs, enum_coercer
from portal.platform.web.form_fields import (
    ANSWER_REQUIRED,
    CHOICE_REQUIRED,
    day_field,
    link_field,
    text_field,
)
from portal.platform.web.uploads import StreamedUpload

FILE_MAX = 200_000  # bytes of answers as JSON, characters where they are pasted


class _HintedRadioField(RadioField):
    """Radio buttons with a hint below each choice: `hints`, by value."""

    hints: Mapping[str, str] = {}


class OpenReviewForm(CreateForm):
    """The questionnaire of a new review; the others than `first_kinds` are folded, where there are any."""

    kind = _HintedRadioField(_l("Quel questionnaire ?"), [ANSWER_REQUIRED])

    def __init__(
        self, offered: Sequence[Questionnaire], first_kinds: Sequence[str] = (), **usual: Any
    ) -> None:
        super().__init__(**usual)
        first = [questionnaire for questionnaire in offered if questionnaire.key in first_kinds]
        others = [questionnaire for questionnaire in offered if questionnaire.key not in first_kinds]
        group = _("Les autres questionnaires") if first else None
        self.kind.choices = [
            SelectChoice(
                value=questionnaire.key,
                label=str(questionnaire.title),
                optgroup=None if questionnaire in first else group,
            )
            for questionnaire in (*first, *others)
        ]
        self.kind.hints = {
            questionnaire.key: str(questionnaire.about) for questionnaire in offered if questionnaire.about.fr
        }


class _ReviewerFields(Form):
    instead_of = HiddenField(validators=[Length(max=36)])  # the reviewer that the page showed
    person: SelectField | RadioField

    def __init__(self, people: Sequence[tuple[UUID, str]], **usual: Any) -> None:
        super().__init__(**usual)
        self.person.choices = build_choices_from_pairs(people)

    def remember_shown_reviewer(self, reviewer_id: UUID | None) -> None:
        """Have the next submission replace this reviewer."""
        self.instead_of.data = str(reviewer_id or "")

    def read_replaced_reviewer_id(self) -> UUID | None:
        """The reviewer that the page showed; None for nobody."""
        try:
            return UUID(self.instead_of.data or "")
        except ValueError:
            return None


class ChooseReviewerForm(_ReviewerFields):
    """The reviewer of a review."""

    person = RadioField(_l("Qui la relit ?"), [ANSWER_REQUIRED])


class InlineReviewerForm(_ReviewerFields):
    """The same in one line."""

    person = SelectField(_l("Qui la relit ?"), [CHOICE_REQUIRED])


class ImportAnswersForm(Form):
    """Answers as JSON: a file, or pasted."""

    file = FileField(
        _l("Fichier de réponses"),
        description=_l("JSON, 200 ko au plus."),
        render_kw={
            "accept": ".json,application/json",
            "data-largest": FILE_MAX,
            "data-too-large": _l("Ce fichier est trop gros : 200 ko au plus."),
        },
    )
    answers = TextAreaField(
        _l("Ou collez les réponses, en JSON"),
        [Length(max=FILE_MAX)],
        description=_l("Un objet : l’identifiant de chaque question et sa réponse."),
        render_kw={"rows": 8, "spellcheck": "false"},
    )

    def read_answers(self) -> Mapping[str, Any]:
        """Parse the file, or the pasted text without one; clean keys and texts as forms do.

        Raises `RuleBroken` on the field that was filled in.
        """
        source = "file" if getattr(self.file.data, "filename", "") else "answers"
        text = self._read_file_text() if source == "file" else self.answers.data or ""
        if not text.strip():
            raise RuleBroken(source, _("Choisissez un fichier, ou collez les réponses."))
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise RuleBroken(source, _("Ce n’est pas un objet JSON : vérifiez ce que vous donnez."))
        cleaned: Mapping[str, Any] = clean_values(content)
        return cleaned

    def _read_file_text(self) -> str:
        stream = self.file.data.stream
        content = stream.meter.content if isinstance(stream, StreamedUpload) else b""
        if content is None:
            raise RuleBroken("file", _("Ce fichier est trop gros : 200 ko au plus."))
        try:
            return str(content, "utf-8-sig")
        except UnicodeDecodeError:
            raise RuleBroken("file", _("Ce fichier n’est pas du texte en UTF-8.")) from None


def clean_values(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean_values(element) for element in value]
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_values(inner) for key, inner in value.items()}
    return value


class OpinionForm(EditForm):
    """The reviewer's opinion of a section."""

    reasons = text_field(
        _l("Mon avis sur cette section"),
        TEXT_MAX,
        rows=6,
        hint=_l("L’équipe le lira quand vous demanderez des compléments ou déciderez."),
    )
    lacks = BooleanField(_l("Il manque quelque chose : à compléter par l’équipe"))
    then = HiddenField(validators=[Length(max=4)])  # the button that was pressed, for a form that is refused

    @classmethod
    def filled(cls, row: SectionOpinion | None) -> "OpinionForm":
        """The form filled from a stored opinion, if any."""
        return cls(formdata=None, obj=row, data=None if row else {"version": 0})


class RequestMoreForm(Form):
    """What the reviewer requests of the team."""

    because = text_field(
        _l("Ce que vous demandez à l’équipe"),
        TEXT_MAX,
        rows=5,
        required=_l("Dites ce que vous demandez à l’équipe."),
    )


class ReviewDecisionForm(Form):
    """The decision and its reasons."""

    outcome = RadioField(
        _l("Décision"),
        [ANSWER_REQUIRED],
        choices=build_choices_from_pairs({state: OUTCOMES[state] for state in DECIDED}),
        coerce=enum_coercer(ReviewState),
    )
    reasons = text_field(
        _l("Motifs"),
        TEXT_MAX,
        rows=6,
        required=_l("Motivez la décision : elle engage votre nom."),
        hint=_l("Pour l’équipe, et pour qui lira la décision dans des années."),
    )


class ReopenReviewForm(Form):
    """The sections to answer again, and why."""

    sections = SelectMultipleField(
        _l("Sections à reprendre"), description=_l("Aucune cochée : la revue entière.")
    )
    because = text_field(
        _l("Pourquoi elle est rouverte"), REASON_MAX, rows=4, required=_l("Dites pourquoi elle est rouverte.")
    )

    def __init__(self, sections: Sequence[tuple[str, str]], **usual: Any) -> None:
        super().__init__(**usual)
        self.sections.choices = build_choices_from_pairs(sections)


class _ConditionFields(Form):
    what = text_field(
        _l("Ce qui est demandé"),
        REASON_MAX,
        rows=3,
        required=_l("Écrivez ce qui est demandé."),
        hint=_l("Quelque chose dont on pourra montrer que c’est fait."),
    )
    due_on = day_field(_l("Pour le"))

    def facts(self) -> ConditionFacts:
        return ConditionFacts(what=self.values["what"], due_on=self.values["due_on"])


class NewConditionForm(_ConditionFields, CreateForm):
    """A new condition of the coming decision."""


class EditConditionForm(_ConditionFields, EditForm):
    """The same, to edit before the decision."""


class ConditionProofForm(EditForm):
    """The proof that a condition is met."""

    proof = text_field(_l("Ce qui la remplit"), TEXT_MAX, rows=4)
    proof_link = link_field(
        _l("Lien vers la preuve"),
        URL_MAX,
        hint=_l("Une page, un compte rendu. Ou joignez d’abord un fichier à la condition."),
    )

    def to_proof(self) -> ConditionProof:
        return ConditionProof(text=self.values["proof"], link=self.values["proof_link"])


class ReturnConditionForm(EditForm):
    """Why the proof is rejected."""

    returned_because = text_field(
        _l("Ce qui manque à la preuve"),
        REASON_MAX,
        rows=4,
        required=_l("Dites ce qui manque : l’équipe le lira."),
    )
