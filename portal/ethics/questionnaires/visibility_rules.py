"""Which items are visible, given the answers. Pure.

An item is visible while its section's condition and its own hold and its parent item is visible.
A condition reads only answers of visible items: hidden answers have no effect.
"""

from collections.abc import Mapping, Sequence

from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Answers,
    Condition,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireSection,
    When,
)


def condition_holds(definition: Questionnaire, when: When | None, answers: Answers) -> bool:
    """Whether a condition holds: always without one, never while its item is unanswered."""
    if when is None:
        return True
    if isinstance(when, Condition):
        other = definition.item(when.item)
        if other is None or other.key not in answers or not is_item_visible(definition, other, answers):
            return False
        answer = answers[other.key]
        ticked = answer if isinstance(answer, list) else [answer]
        return any(value in when.among for value in ticked)
    each = (condition_holds(definition, condition, answers) for condition in when.conditions)
    if when.is_none:
        return not any(each)
    return any(each) if when.is_any else all(each)


def is_item_visible(definition: Questionnaire, item: QuestionnaireItem, answers: Answers) -> bool:
    """Whether an item is asked."""
    parent = definition.item(item.under) if item.under else None
    if parent is not None and not is_item_visible(definition, parent, answers):
        return False
    return condition_holds(definition, definition.section_of(item).when, answers) and condition_holds(
        definition, item.when, answers
    )


def list_visible_items(
    definition: Questionnaire, section: QuestionnaireSection, answers: Answers
) -> Sequence[QuestionnaireItem]:
    """The visible items of a section; none while the section is hidden."""
    return [item for item in section.items if is_item_visible(definition, item, answers)]


def list_visible_sections(definition: Questionnaire, answers: Answers) -> Sequence[QuestionnaireSection]:
    """The sections whose condition holds."""
    return [section for section in definition.sections if condition_holds(definition, section.when, answers)]


def leave_out_hidden_answers(definition: Questionnaire, answers: Answers) -> Mapping[str, Answer]:
    """The answers that count on completion: those of visible items, with their notes."""
    visible_answers: dict[str, Answer] = {}
    for item in definition.items:
        if not is_item_visible(definition, item, answers):
            continue
        keys = [item.key, item.note_key] if item.note else [item.key]
        visible_answers |= {key: answers[key] for key in keys if key in answers}
    return visible_answers
