"""Progress of answers: completeness, missing required answers, gaps to the best answer. Pure.

Answers are a mapping by item key (notes by their own key); unanswered items are absent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.ethics.questionnaires.answer_rules import (
    AnswerMisfit,
    find_answer_misfit,
    find_note_misfit,
    max_text_length,
)
from portal.ethics.questionnaires.definition_rules import (
    NOTE_MAX,
    Answer,
    Answers,
    ItemChoice,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireSection,
)
from portal.ethics.questionnaires.score_rules import is_not_applicable
from portal.ethics.questionnaires.visibility_rules import list_visible_items
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l


@dataclass(frozen=True)
class AnswerProgress:
    """How many of the visible items are answered."""

    answered: int
    question_count: int

    @property
    def is_complete(self) -> bool:
        return self.answered == self.question_count


@dataclass(frozen=True)
class ImprovableItem:
    """An item whose answer could weigh more. `choice` is the answer, None while there is none."""

    section: QuestionnaireSection
    item: QuestionnaireItem
    choice: ItemChoice | None
    note: str


def is_answer_complete(item: QuestionnaireItem, answers: Answers) -> bool:
    """Whether an item is answered, with its note when it requires one."""
    return item.key in answers and (not item.says_why or item.note_key in answers)


def leave_out_unfinished_answers(definition: Questionnaire, answers: Answers) -> Answers:
    """The answers but those that lack the reason that they must have."""
    unfinished = {item.key for item in definition.items if not is_answer_complete(item, answers)}
    return {key: answer for key, answer in answers.items() if key not in unfinished}


def compute_progress(
    definition: Questionnaire, answers: Answers, section: QuestionnaireSection | None = None
) -> AnswerProgress:
    """Progress of one section, or of the whole questionnaire."""
    sections = [section] if section else definition.sections
    items = [
        item for each_section in sections for item in list_visible_items(definition, each_section, answers)
    ]
    return AnswerProgress(sum(is_answer_complete(item, answers) for item in items), len(items))


def list_unanswered_required_items(
    definition: Questionnaire, answers: Answers
) -> Sequence[tuple[QuestionnaireSection, QuestionnaireItem]]:
    """Visible required items without a complete answer, in order, with their sections."""
    return [
        (section, item)
        for section in definition.sections
        for item in list_visible_items(definition, section, answers)
        if item.required and not is_answer_complete(item, answers)
    ]


def list_improvable_items(definition: Questionnaire, answers: Answers) -> Sequence[ImprovableItem]:
    """Visible weighted items whose answer is not the heaviest one; the lightest answers first."""
    answer_gaps = []
    for section in definition.sections:
        for item in list_visible_items(definition, section, answers):
            if is_not_applicable(item, answers):
                continue
            choice = item.choice(answers.get(item.key))
            if item.max_weight and (choice is None or choice.weight < item.max_weight):
                note = str(answers.get(item.note_key, ""))
                answer_gaps.append(ImprovableItem(section, item, choice, note))
    return sorted(answer_gaps, key=lambda gap: gap.choice.weight if gap.choice else 0.0)


def explain_answer_misfit(item: QuestionnaireItem, answer: Answer) -> str | None:
    """Return the sentence that says why an answer does not fit its item; None when it fits."""
    misfit = find_answer_misfit(item, answer)
    return None if misfit is None else _describe_misfit(item, misfit)


def explain_note_misfit(note: Answer) -> str | None:
    """The same for a note."""
    return _describe_text_limit(NOTE_MAX) if find_note_misfit(note) else None


def _describe_misfit(item: QuestionnaireItem, misfit: AnswerMisfit) -> str:
    if misfit is AnswerMisfit.NO_TEXT:
        return _describe_text_limit(max_text_length(item))
    if misfit is AnswerMisfit.OUT_OF_BOUNDS:
        return _("Donnez un nombre entre %(min)s et %(max)s.", min=item.least, max=item.most)
    return str(_MISFIT_SENTENCES[misfit])


_MISFIT_SENTENCES: dict[AnswerMisfit, LazyString] = {
    AnswerMisfit.NOT_OFFERED: _l("Choisissez dans la liste."),
    AnswerMisfit.NOT_SEVERAL: _l("Cochez une ou plusieurs réponses de la liste, chacune une fois."),
    AnswerMisfit.NO_TABLE: _l("Remplissez le tableau avec ses lignes et ses colonnes."),
    AnswerMisfit.NO_NUMBER: _l("Écrivez un nombre."),
    AnswerMisfit.NOT_WHOLE: _l("Écrivez un nombre entier."),
    AnswerMisfit.NO_DAY: _l("Écrivez une date qui existe."),
    AnswerMisfit.NO_LINK: _l("Donnez une adresse complète, qui commence par https://."),
}


def _describe_text_limit(most: int) -> str:
    return _("Écrivez un texte d’au plus %(n)s caractères.", n=most)
