"""From one edition to another: what differs, and which answers come along. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.questionnaires.definition import Answer, Answers, Item, Questionnaire, Section
from portal.questionnaires.fitting import misfit
from portal.questionnaires.visibility import asked_in


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
        if after is None or after.kind is not before.kind or misfit(after, answer):
            left.append(before)
        else:
            kept[after.key] = answer
    return Carried(kept, left)


@dataclass(frozen=True)
class Upgrade:
    """What another edition does to answers, item by item, in the order of the edition it is in.

    `kept`: come along as they are. `again`: come along, but what is asked or may be answered
    changed. `left`: have no place. `open`: asked then, and not answered.
    """

    answers: Mapping[str, Answer]
    kept: Sequence[Item]
    again: Sequence[Changed]
    left: Sequence[Item]
    open: Sequence[Item]


def upgrade(former: Questionnaire, other: Questionnaire, answers: Answers) -> Upgrade:
    """What becomes of answers to `former` in `other`, before anybody decides. Changes nothing."""
    carried = carry(former, other, answers)
    changed = {one.after.key: one for one in compare(former, other).changed}
    told = [item for item in other.items if item.key in carried.answers]
    again = {
        item.key: changed[item.key]
        for item in told
        if item.key in changed and {What.WORDS, What.ANSWERS} & {*changed[item.key].what}
    }
    asked = [item for one in other.sections for item in asked_in(other, one, carried.answers)]
    return Upgrade(
        answers=carried.answers,
        kept=[item for item in told if item.key not in again],
        again=list(again.values()),
        left=carried.left,
        open=[item for item in asked if item.key not in carried.answers],
    )


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
        What.CONDITION: _conditions(former, before) != _conditions(other, after),
    }
    return tuple(what for what, differs in told.items() if differs)


def _answers(item: Item) -> tuple[object, ...]:
    bounds = item.least, item.most, item.whole, item.past, item.long
    return item.kind, item.choices, item.rows, item.cells, item.note, item.says_why, *bounds


def _conditions(of: Questionnaire, item: Item) -> tuple[object, ...]:
    """Its own, its section's, and what it stands under."""
    return of.section_of(item).when, item.when, item.under
