"""Answers and open sections of a round, and the pages of its questions. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from portal.ethics.questionnaires.completion_rules import list_unanswered_required_items
from portal.ethics.questionnaires.definition_rules import Answer, Answers, Questionnaire
from portal.ethics.questionnaires.visibility_rules import leave_out_hidden_answers
from portal.ethics.reviews.models import Review, ReviewAnswer
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path_by_number


def collect_answers(definition: Questionnaire, rows: Mapping[str, ReviewAnswer]) -> dict[str, Answer]:
    """Answers by item key and notes by their own, in the order of the definition."""
    answers: dict[str, Answer] = {}
    for item in definition.items:
        row = rows.get(item.key)
        if row is None:
            continue
        if row.value is not None:
            answers[item.key] = row.value
        if item.note and row.note:
            answers[item.note_key] = row.note
    return answers


def keep_answers_of_visible_items(definition: Questionnaire, answers: Answers) -> dict[str, Any]:
    """The answers that count at submission: those of visible items."""
    return dict(leave_out_hidden_answers(definition, answers))


def count_answers_left_aside(definition: Questionnaire, answers: Answers) -> int:
    """How many items were answered and are not asked any more."""
    counted_answers = leave_out_hidden_answers(definition, answers)
    return sum(item.key in answers and item.key not in counted_answers for item in definition.items)


def list_open_section_keys(
    definition: Questionnaire, answers: Answers, named: Collection[str]
) -> frozenset[str]:
    """Keys of the sections that may be answered: the named ones, or all without any; and those with
    a missing required answer, since answers of one section may show items of another."""
    section_keys = {section.key for section in definition.sections}
    if not section_keys & set(named):
        return frozenset(section_keys)
    incomplete = {section.key for section, _item in list_unanswered_required_items(definition, answers)}
    return frozenset(section_keys & set(named) | incomplete)


def keep_known_section_keys(definition: Questionnaire, named: Iterable[str]) -> list[str]:
    """Those of the keys that the definition has, in its order, once each."""
    named_keys = set(named)
    return [section.key for section in definition.sections if section.key in named_keys]


def question_path(project: Project, number: int, item: str) -> str:
    """The page of one question of a review."""
    return f"{row_path_by_number(project, Review, number)}/questions/{item}"
