"""Which items are asked, given what was answered. Pure.

An item is asked while its section's condition holds, and its own, and what it stands under is
asked. A condition looks only at answers of items that are asked: what is hidden decides nothing.
"""

from collections.abc import Mapping, Sequence

from portal.questionnaires.definition import (
    Answer,
    Answers,
    Condition,
    Item,
    Questionnaire,
    Section,
    When,
)


def holds(of: Questionnaire, when: When | None, answers: Answers) -> bool:
    """Whether a condition holds. No condition always does; an answer not given fulfils none."""
    if when is None:
        return True
    if isinstance(when, Condition):
        other = of.item(when.item)
        if other is None or other.key not in answers or not is_asked(of, other, answers):
            return False
        given = answers[other.key]
        ticked = given if isinstance(given, list) else [given]
        return any(value in when.among for value in ticked)
    each = (holds(of, one, answers) for one in when.of)
    return any(each) if when.enough_one else all(each)


def is_asked(of: Questionnaire, item: Item, answers: Answers) -> bool:
    """Whether an item is to be answered at all."""
    above = of.item(item.under) if item.under else None
    if above is not None and not is_asked(of, above, answers):
        return False
    return holds(of, of.section_of(item).when, answers) and holds(of, item.when, answers)


def asked_in(of: Questionnaire, section: Section, answers: Answers) -> Sequence[Item]:
    """The items of a section that are asked; none while the section is hidden."""
    return [item for item in section.items if is_asked(of, item, answers)]


def asked_sections(of: Questionnaire, answers: Answers) -> Sequence[Section]:
    return [section for section in of.sections if holds(of, section.when, answers)]


def without_hidden(of: Questionnaire, answers: Answers) -> Mapping[str, Answer]:
    """The answers that count on completion: those of items that are asked, and their notes."""
    kept: dict[str, Answer] = {}
    for item in of.items:
        if not is_asked(of, item, answers):
            continue
        keys = [item.key, item.note_key] if item.note else [item.key]
        kept |= {key: answers[key] for key in keys if key in answers}
    return kept
