"""What may be answered in a round, and what still waits. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from portal.ethics.questionnaires.completion_rules import list_missing
from portal.ethics.questionnaires.definition_rules import Answer, Answers, Questionnaire
from portal.ethics.questionnaires.visibility_rules import without_hidden
from portal.ethics.reviews.models import ReviewAnswer


def collect_answers(of: Questionnaire, rows: Mapping[str, ReviewAnswer]) -> dict[str, Answer]:
    """What was answered, by item, notes by their own key; in the order of the questionnaire."""
    answers: dict[str, Answer] = {}
    for item in of.items:
        row = rows.get(item.key)
        if row is None:
            continue
        if row.value is not None:
            answers[item.key] = row.value
        if item.note and row.note:
            answers[item.note_key] = row.note
    return answers


def list_counted_answers(of: Questionnaire, answers: Answers) -> dict[str, Any]:
    """Those that count when it is given away: what is hidden does not."""
    return dict(without_hidden(of, answers))


def find_open_sections(
    of: Questionnaire, answers: Answers, named: Collection[str]
) -> frozenset[str]:
    """The sections that may be answered: those named, or all when none is; and those where an
    answer is owed, since one section may ask something of another."""
    section_keys = {section.key for section in of.sections}
    if not section_keys & set(named):
        return frozenset(section_keys)
    owed = {section.key for section, _item in list_missing(of, answers)}
    return frozenset(section_keys & set(named) | owed)


def filter_sections(of: Questionnaire, named: Iterable[str]) -> list[str]:
    """Of these, those that the questionnaire has, in its order and once each."""
    named_keys = set(named)
    return [section.key for section in of.sections if section.key in named_keys]
