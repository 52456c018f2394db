"""What may be answered in a round, and what still waits. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from portal.questionnaires.answers import missing
from portal.questionnaires.definition import Answer, Answers, Questionnaire
from portal.questionnaires.visibility import without_hidden
from portal.reviews.models import ReviewAnswer


def answers_of(of: Questionnaire, rows: Mapping[str, ReviewAnswer]) -> dict[str, Answer]:
    """What was answered, by item, notes by their own key; in the order of the questionnaire."""
    found: dict[str, Answer] = {}
    for item in of.items:
        row = rows.get(item.key)
        if row is None:
            continue
        if row.value is not None:
            found[item.key] = row.value
        if item.note and row.note:
            found[item.note_key] = row.note
    return found


def counted(of: Questionnaire, answers: Answers) -> dict[str, Any]:
    """Those that count when it is given away: what is hidden does not."""
    return dict(without_hidden(of, answers))


def open_sections(of: Questionnaire, answers: Answers, named: Collection[str]) -> frozenset[str]:
    """The sections that may be answered: those named, or all when none is; and those where an
    answer is owed, since one section may ask something of another."""
    known = {section.key for section in of.sections}
    if not known & set(named):
        return frozenset(known)
    owed = {section.key for section, _item in missing(of, answers)}
    return frozenset(known & set(named) | owed)


def known_sections(of: Questionnaire, named: Iterable[str]) -> list[str]:
    """Of these, those that the questionnaire has, in its order and once each."""
    wanted = set(named)
    return [section.key for section in of.sections if section.key in wanted]
