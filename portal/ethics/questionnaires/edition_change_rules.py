"""From one edition to another: what differs, and which answers come along. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.ethics.questionnaires.answer_rules import find_misfit
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Answers,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireSection,
)
from portal.ethics.questionnaires.visibility_rules import list_visible_items


class ItemDifference(StrEnum):
    """In what an item differs."""

    WORDS = "words"
    ANSWERS = "answers"  # what may be answered, or what it weighs
    PLACE = "place"  # in another section
    REQUIRED = "required"
    CONDITION = "condition"


@dataclass(frozen=True)
class ChangedItem:
    before: QuestionnaireItem
    after: QuestionnaireItem
    differences: tuple[ItemDifference, ...]


@dataclass(frozen=True)
class EditionChanges:
    """Each in the order of the edition that holds it."""

    added: Sequence[tuple[QuestionnaireSection, QuestionnaireItem]]
    removed: Sequence[tuple[QuestionnaireSection, QuestionnaireItem]]
    changed: Sequence[ChangedItem]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class CarriedAnswers:
    """`left`: items of the former edition whose answers have no place in the other."""

    answers: Mapping[str, Answer]
    dropped: Sequence[QuestionnaireItem]


def compare_editions(former: Questionnaire, other: Questionnaire) -> EditionChanges:
    """Items are the same by their key, wherever they stand."""
    changed = []
    for after in other.items:
        before = former.item(after.key)
        if before is not None and (differences := _differences(former, before, other, after)):
            changed.append(ChangedItem(before, after, differences))
    return EditionChanges(_items_only_in(other, former), _items_only_in(former, other), changed)


def carry_answers(former: Questionnaire, other: Questionnaire, answers: Answers) -> CarriedAnswers:
    """An answer comes along where its item is still asked and still takes it; its note with it."""
    carried_answers: dict[str, Answer] = {}
    left = []
    for before in former.items:
        after, answer = other.item(before.key), answers.get(before.key)
        if after is not None and after.note and before.note_key in answers:
            carried_answers[after.note_key] = answers[before.note_key]
        if answer is None:
            continue
        if after is None or after.kind is not before.kind or find_misfit(after, answer):
            left.append(before)
        else:
            carried_answers[after.key] = answer
    return CarriedAnswers(carried_answers, left)


@dataclass(frozen=True)
class EditionUpgrade:
    """What another edition does to answers, item by item, in the order of the edition it is in.

    `kept`: come along as they are. `again`: come along, but what is asked or may be answered
    changed. `left`: have no place. `open`: asked then, and not answered.
    """

    answers: Mapping[str, Answer]
    unchanged: Sequence[QuestionnaireItem]
    to_recheck: Sequence[ChangedItem]
    dropped: Sequence[QuestionnaireItem]
    unanswered: Sequence[QuestionnaireItem]


def compute_upgrade(
    former: Questionnaire, other: Questionnaire, answers: Answers
) -> EditionUpgrade:
    """What becomes of answers to `former` in `other`, before anybody decides. Changes nothing."""
    carried = carry_answers(former, other, answers)
    changed = {change.after.key: change for change in compare_editions(former, other).changed}
    carried_items = [item for item in other.items if item.key in carried.answers]
    again = {
        item.key: changed[item.key]
        for item in carried_items
        if item.key in changed
        and {ItemDifference.WORDS, ItemDifference.ANSWERS} & {*changed[item.key].differences}
    }
    visible_items = [
        item
        for section in other.sections
        for item in list_visible_items(other, section, carried.answers)
    ]
    return EditionUpgrade(
        answers=carried.answers,
        unchanged=[item for item in carried_items if item.key not in again],
        to_recheck=list(again.values()),
        dropped=carried.dropped,
        unanswered=[item for item in visible_items if item.key not in carried.answers],
    )


def _items_only_in(
    edition: Questionnaire, other: Questionnaire
) -> Sequence[tuple[QuestionnaireSection, QuestionnaireItem]]:
    return [
        (section, item)
        for section in edition.sections
        for item in section.items
        if other.item(item.key) is None
    ]


def _differences(
    former: Questionnaire, before: QuestionnaireItem, other: Questionnaire, after: QuestionnaireItem
) -> tuple[ItemDifference, ...]:
    comparisons = {
        ItemDifference.WORDS: (before.label, before.help) != (after.label, after.help),
        ItemDifference.ANSWERS: _answer_shape(before) != _answer_shape(after),
        ItemDifference.PLACE: former.section_of(before).key != other.section_of(after).key,
        ItemDifference.REQUIRED: before.required != after.required,
        ItemDifference.CONDITION: _conditions_of(former, before) != _conditions_of(other, after),
    }
    return tuple(difference for difference, differs in comparisons.items() if differs)


def _answer_shape(item: QuestionnaireItem) -> tuple[object, ...]:
    bounds = item.least, item.most, item.whole, item.past, item.long
    return item.kind, item.choices, item.rows, item.cells, item.note, item.says_why, *bounds


def _conditions_of(of: Questionnaire, item: QuestionnaireItem) -> tuple[object, ...]:
    """Its own, its section's, and what it stands under."""
    return of.section_of(item).when, item.when, item.under
