"""From one edition to another: what differs, and which answers come along. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.questionnaires.answers import Answer, Answers, find_fault
from portal.questionnaires.definition import Item, Questionnaire, Section


class What(StrEnum):
    """In what an item differs."""

    WORDS = "words"
    ANSWERS = "answers"  # what may be answered, or what it weighs
    PLACE = "place"  # in another section
    REQUIRED = "required"
    CONDITION = "condition"


@dataclass(frozen=True)
class Changed:
    before: Item
    after: Item
    what: tuple[What, ...]


@dataclass(frozen=True)
class Changes:
    """Each in the order of the edition that holds it."""

    added: Sequence[tuple[Section, Item]]
    removed: Sequence[tuple[Section, Item]]
    changed: Sequence[Changed]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Carried:
    """`left`: items of the former edition whose answers have no place in the other."""

    answers: Mapping[str, Answer]
    left: Sequence[Item]


def compare(former: Questionnaire, other: Questionnaire) -> Changes:
    """Items are the same by their key, wherever they stand."""
    changed = []
    for after in other.items:
        before = former.item(after.key)
        if before is not None and (what := _differences(former, before, other, after)):
            changed.append(Changed(before, after, what))
    return Changes(_only_in(other, former), _only_in(former, other), changed)


def carry(former: Questionnaire, other: Questionnaire, answers: Answers) -> Carried:
    """An answer comes along where its item is still asked and still takes it; its note with it."""
    kept: dict[str, Answer] = {}
    left = []
    for before in former.items:
        after, answer = other.item(before.key), answers.get(before.key)
        if after is not None and after.note and before.note_key in answers:
            kept[after.note_key] = answers[before.note_key]
        if answer is None:
            continue
        if after is None or after.kind is not before.kind or find_fault(after, answer):
            left.append(before)
        else:
            kept[after.key] = answer
    return Carried(kept, left)


def _only_in(one: Questionnaire, other: Questionnaire) -> Sequence[tuple[Section, Item]]:
    return [
        (section, item)
        for section in one.sections
        for item in section.items
        if other.item(item.key) is None
    ]


def _differences(
    former: Questionnaire, before: Item, other: Questionnaire, after: Item
) -> tuple[What, ...]:
    told = {
        What.WORDS: (before.label, before.help) != (after.label, after.help),
        What.ANSWERS: _answers(before) != _answers(after),
        What.PLACE: former.section_of(before).key != other.section_of(after).key,
        What.REQUIRED: before.required != after.required,
        What.CONDITION: before.when != after.when,
    }
    return tuple(what for what, differs in told.items() if differs)


def _answers(item: Item) -> tuple[object, ...]:
    bounds = item.least, item.most, item.whole, item.past, item.long
    return item.kind, item.choices, item.note, *bounds
