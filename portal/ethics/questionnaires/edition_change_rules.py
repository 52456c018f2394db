"""Compares two editions and carries answers over from one to the other. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.ethics.questionnaires.answer_rules import find_answer_misfit
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Answers,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireSection,
)
from portal.ethics.questionnaires.visibility_rules import list_visible_items


class ItemDifference(StrEnum):
    """A respect in which an item differs between editions."""

    WORDS = "words"
    ANSWERS = "answers"  # possible answers or their weights
    PLACE = "place"  # moved to another section
    REQUIRED = "required"
    CONDITION = "condition"


@dataclass(frozen=True)
class ChangedItem:
    before: QuestionnaireItem
    after: QuestionnaireItem
    differences: tuple[ItemDifference, ...]


@dataclass(frozen=True)
class EditionChanges:
    """Items added, removed and changed, each in the order of its own edition."""

    added: Sequence[tuple[QuestionnaireSection, QuestionnaireItem]]
    removed: Sequence[tuple[QuestionnaireSection, QuestionnaireItem]]
    changed: Sequence[ChangedItem]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class CarriedAnswers:
    """`dropped`: items of the former edition whose answers do not fit the other."""

    answers: Mapping[str, Answer]
    dropped: Sequence[QuestionnaireItem]


def compare_editions(former: Questionnaire, other: Questionnaire) -> EditionChanges:
    """Items are matched by key, whatever their section."""
    changed = []
    for after in other.items:
        before = former.item(after.key)
        if before is not None and (differences := _list_item_differences(former, before, other, after)):
            changed.append(ChangedItem(before, after, differences))
    return EditionChanges(_list_items_only_in(other, former), _list_items_only_in(former, other), changed)


def carry_answers(former: Questionnaire, other: Questionnaire, answers: Answers) -> CarriedAnswers:
    """Keep the answers whose item exists in the other edition and accepts them; notes likewise."""
    carried_answers: dict[str, Answer] = {}
    dropped = []
    for before in former.items:
        after, answer = other.item(before.key), answers.get(before.key)
        if after is not None and after.note and before.note_key in answers:
            carried_answers[after.note_key] = answers[before.note_key]
        if answer is None:
            continue
        if after is None or after.kind is not before.kind or find_answer_misfit(after, answer):
            dropped.append(before)
        else:
            carried_answers[after.key] = answer
    return CarriedAnswers(carried_answers, dropped)


def carry_answers_to_same_questions(
    former: Questionnaire, other: Questionnaire, answers: Answers
) -> CarriedAnswers:
    """The same without choices made under other words: their questions are asked again."""
    carried = carry_answers(former, other, answers)
    asked_again = [
        before
        for before in former.items
        if before.key in carried.answers
        and before.choices
        and (after := other.item(before.key)) is not None
        and after.label != before.label
    ]
    keys = {item.key for item in asked_again}
    kept_answers = {key: answer for key, answer in carried.answers.items() if key not in keys}
    dropped_keys = keys | {item.key for item in carried.dropped}
    return CarriedAnswers(kept_answers, [item for item in former.items if item.key in dropped_keys])


@dataclass(frozen=True)
class EditionUpgrade:
    """What becomes of answers in another edition, item by item.

    `unchanged`: carried over. `to_recheck`: carried over, but the wording or the possible answers
    changed. `dropped`: no longer fit. `unanswered`: visible in the other edition, without answer.
    """

    answers: Mapping[str, Answer]
    unchanged: Sequence[QuestionnaireItem]
    to_recheck: Sequence[ChangedItem]
    dropped: Sequence[QuestionnaireItem]
    unanswered: Sequence[QuestionnaireItem]


def compute_upgrade(former: Questionnaire, other: Questionnaire, answers: Answers) -> EditionUpgrade:
    """Preview what becomes of answers to `former` in `other`. Pure."""
    carried = carry_answers(former, other, answers)
    changed = {change.after.key: change for change in compare_editions(former, other).changed}
    carried_items = [item for item in other.items if item.key in carried.answers]
    to_recheck = {
        item.key: changed[item.key]
        for item in carried_items
        if item.key in changed
        and {ItemDifference.WORDS, ItemDifference.ANSWERS} & {*changed[item.key].differences}
    }
    visible_items = [
        item for section in other.sections for item in list_visible_items(other, section, carried.answers)
    ]
    return EditionUpgrade(
        answers=carried.answers,
        unchanged=[item for item in carried_items if item.key not in to_recheck],
        to_recheck=list(to_recheck.values()),
        dropped=carried.dropped,
        unanswered=[item for item in visible_items if item.key not in carried.answers],
    )


def _list_items_only_in(
    edition: Questionnaire, other: Questionnaire
) -> Sequence[tuple[QuestionnaireSection, QuestionnaireItem]]:
    return [
        (section, item)
        for section in edition.sections
        for item in section.items
        if other.item(item.key) is None
    ]


def _list_item_differences(
    former: Questionnaire, before: QuestionnaireItem, other: Questionnaire, after: QuestionnaireItem
) -> tuple[ItemDifference, ...]:
    comparisons = {
        ItemDifference.WORDS: (before.label, before.help) != (after.label, after.help),
        ItemDifference.ANSWERS: _collect_answer_constraints(before) != _collect_answer_constraints(after),
        ItemDifference.PLACE: former.section_of(before).key != other.section_of(after).key,
        ItemDifference.REQUIRED: before.required != after.required,
        ItemDifference.CONDITION: _list_visibility_conditions(former, before)
        != _list_visibility_conditions(other, after),
    }
    return tuple(difference for difference, differs in comparisons.items() if differs)


def _collect_answer_constraints(item: QuestionnaireItem) -> tuple[object, ...]:
    bounds = item.least, item.most, item.whole, item.past, item.long
    return item.kind, item.choices, item.rows, item.cells, item.note, item.says_why, *bounds


def _list_visibility_conditions(definition: Questionnaire, item: QuestionnaireItem) -> tuple[object, ...]:
    """The conditions on which an item is visible: its section's, its own, its parent."""
    return definition.section_of(item).when, item.when, item.under
