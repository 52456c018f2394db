"""Default answers to the questionnaires of the demonstration."""

from datetime import date

from portal.ethics.questionnaires.completion_rules import list_unanswered_required_items
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
)

NOTE = "Démonstration : dit en quelques mots."
LONG_AGO = date(2026, 3, 2)


def complete_with_default_answers(
    questionnaire: Questionnaire, answers: dict[str, Answer], on: date = LONG_AGO, *, best: bool = False
) -> dict[str, Answer]:
    """The answers, completed with defaults for required items: the first choice, or the last one,
    which is the best, with `best`."""
    while owed := list_unanswered_required_items(questionnaire, answers):
        for _section, item in owed:
            answers.setdefault(item.key, _default_answer(item, on, best=best))
            if item.says_why:
                answers.setdefault(item.note_key, NOTE)
    return answers


def _default_answer(item: QuestionnaireItem, on: date, *, best: bool) -> Answer:
    choice = item.choices[-1 if best else 0].value if item.choices else ""
    answers_by_kind: dict[QuestionnaireItemKind, Answer] = {
        QuestionnaireItemKind.SEVERAL: [choice],
        QuestionnaireItemKind.MATRIX: {row.value: [choice] for row in item.rows[:1]},
        QuestionnaireItemKind.NUMBER: max(0.0, item.least),
        QuestionnaireItemKind.DATE: on.isoformat(),
        QuestionnaireItemKind.LINK: "https://demo.example/",
        QuestionnaireItemKind.TEXT: NOTE,
    }
    return answers_by_kind.get(item.kind, choice)
