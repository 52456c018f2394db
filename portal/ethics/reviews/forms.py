"""Forms of a review: opening, import, opinions, decision, conditions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.reviews.condition_commands import ConditionProof
from portal.ethics.reviews.labels import OUTCOMES
from portal.ethics.reviews.models import (
    DECIDED,
    REASON_MAX,
    TEXT_MAX,
    URL_MAX,
    ReviewState,
    SectionOpinion,
)
from portal.ethics.reviews.reviewer_commands import ConditionFacts
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import clean
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    choices_of,
    enum_coercer,
    validate_plausible_date,
    validate_web_link,
)
from portal.platform.web.uploads import StreamedUpload

FILE_MAX = 200_000  # bytes of answers as JSON, characters where they are pasted

_CHOICE_REQUIRED = InputRequired(_l("Choisissez dans la liste."))


class _ExplainedField(RadioField):
    """Radio buttons with a hint below each choice: `hints`, by value."""

    hints: Mapping[str, str] = {}


class OpenReviewForm(CreateForm):
    """The questionnaire of a new review."""

    kind = _ExplainedField(_l("Quel questionnaire ?"), [_CHOICE_REQUIRED])

    def __init__(self, offered: Sequence[Questionnaire], **usual: Any) -> None:
        super().__init__(**usual)
        self.kind.choices = choices_of(
            (questionnaire.key, str(questionnaire.title)) for questionnaire in offered
        )
        self.kind.hints = {
            questionnaire.key: str(questionnaire.about)
            for questionnaire in offered
            if questionnaire.about.fr
        }


class _ReviewerFields(Form):
    instead_of = HiddenField(validators=[Length(max=36)])  # the reviewer that the page showed
    person: SelectField | RadioField

    def __init__(self, people: Sequence[tuple[UUID, str]], **usual: Any) -> None:
        super().__init__(**usual)
        self.person.choices = choices_of(people)

    def show_reviewer(self, reviewer_id: UUID | None) -> None:
        """Have the next submission replace this reviewer."""
        self.instead_of.data = str(reviewer_id or "")

    def read_instead_of(self) -> UUID | None:
        """The reviewer that the page showed; None for nobody."""
        try:
            return UUID(self.instead_of.data or "")
        except ValueError:
            return None


class ChooseReviewerForm(_ReviewerFields):
    """The reviewer of a review."""

    person = RadioField(_l("Qui la relit ?"), [_CHOICE_REQUIRED])


class PickReviewerForm(_ReviewerFields):
    """The same in one line."""

    person = SelectField(_l("Qui la relit ?"), [_CHOICE_REQUIRED])


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
        text = self._text_of_file() if source == "file" else self.answers.data or ""
        if not text.strip():
            raise RuleBroken(source, _("Choisissez un fichier, ou collez les réponses."))
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise RuleBroken(source, _("Ce n’est pas un objet JSON : vérifiez ce que vous donnez."))
        cleaned: Mapping[str, Any] = _clean_values(content)
        return cleaned

    def _text_of_file(self) -> str:
        stream = self.file.data.stream
        content = stream.meter.content if isinstance(stream, StreamedUpload) else b""
        if content is None:
            raise RuleBroken("file", _("Ce fichier est trop gros : 200 ko au plus."))
        try:
            return str(content, "utf-8-sig")
        except UnicodeDecodeError:
            raise RuleBroken("file", _("Ce fichier n’est pas du texte en UTF-8.")) from None


def _clean_values(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean_values(element) for element in value]
    if isinstance(value, dict):
        return {clean(str(key)): _clean_values(inner) for key, inner in value.items()}
    return value


class ReviewUpgradeForm(EditForm):
    """Upgrades to the latest edition; needs the version alone."""


class OpinionForm(EditForm):
    """The reviewer's opinion of a section."""

    reasons = TextAreaField(
        _l("Mon avis sur cette section"),
        [Length(max=TEXT_MAX)],
        description=_l("L’équipe le lira quand vous demanderez des compléments ou déciderez."),
        render_kw={"rows": 6},
    )
    lacks = BooleanField(_l("Il manque quelque chose : à compléter par l’équipe"))

    @classmethod
    def filled(cls, row: SectionOpinion | None) -> "OpinionForm":
        """The form filled from a stored opinion, if any."""
        return cls(formdata=None, obj=row, data=None if row else {"version": 0})


class RequestMoreForm(Form):
    """What the reviewer requests of the team."""

    because = TextAreaField(
        _l("Ce que vous demandez à l’équipe"),
        [DataRequired(_l("Dites ce que vous demandez à l’équipe.")), Length(max=TEXT_MAX)],
        render_kw={"rows": 5},
    )


class ReviewDecisionForm(Form):
    """The decision and its reasons."""

    outcome = RadioField(
        _l("Décision"),
        [_CHOICE_REQUIRED],
        choices=choices_of({state: OUTCOMES[state] for state in DECIDED}),
        coerce=enum_coercer(ReviewState),
    )
    reasons = TextAreaField(
        _l("Motifs"),
        [DataRequired(_l("Motivez la décision : elle engage votre nom.")), Length(max=TEXT_MAX)],
        description=_l("Pour l’équipe, et pour qui lira la décision dans des années."),
        render_kw={"rows": 6},
    )


class ReopenReviewForm(Form):
    """The sections to answer again, and why."""

    sections = SelectMultipleField(
        _l("Sections à reprendre"),
        description=_l("Aucune cochée : la revue entière."),
    )
    because = TextAreaField(
        _l("Pourquoi elle est rouverte"),
        [DataRequired(_l("Dites pourquoi elle est rouverte.")), Length(max=REASON_MAX)],
        render_kw={"rows": 4},
    )

    def __init__(self, sections: Sequence[tuple[str, str]], **usual: Any) -> None:
        super().__init__(**usual)
        self.sections.choices = choices_of(sections)


class _ConditionFields(Form):
    what = TextAreaField(
        _l("Ce qui est demandé"),
        [DataRequired(_l("Écrivez ce qui est demandé.")), Length(max=REASON_MAX)],
        description=_l("Quelque chose dont on pourra montrer que c’est fait."),
        render_kw={"rows": 3},
    )
    due_on = DateField(
        _l("Pour le"), [InputRequired(_l("Donnez une date.")), validate_plausible_date]
    )

    def facts(self) -> ConditionFacts:
        return ConditionFacts(what=self.values["what"], due_on=self.values["due_on"])


class NewConditionForm(_ConditionFields, CreateForm):
    """A new condition of the coming decision."""


class ConditionForm(_ConditionFields, EditForm):
    """The same, to edit before the decision."""


class ConditionProofForm(EditForm):
    """The proof that a condition is met."""

    proof = TextAreaField(_l("Ce qui la remplit"), [Length(max=TEXT_MAX)], render_kw={"rows": 4})
    proof_link = StringField(
        _l("Lien vers la preuve"),
        [Length(max=URL_MAX), validate_web_link],
        description=_l("Une page, un compte rendu. Ou joignez d’abord un fichier à la condition."),
    )

    def to_proof(self) -> ConditionProof:
        return ConditionProof(text=self.values["proof"], link=self.values["proof_link"])


class ReturnConditionForm(EditForm):
    """Why the proof is rejected."""

    returned_because = TextAreaField(
        _l("Ce qui manque à la preuve"),
        [DataRequired(_l("Dites ce qui manque : l’équipe le lira.")), Length(max=REASON_MAX)],
        render_kw={"rows": 4},
    )


class ConfirmConditionForm(EditForm):
    """Confirms a condition; needs the version alone."""


class ReviewActionForm(Form):
    """A button without fields."""
