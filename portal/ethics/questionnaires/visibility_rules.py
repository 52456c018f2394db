"""Which items are asked, given what was answered. Pure.

An item is asked while its section's condition holds, and its own, and what it stands under is
asked. A condition looks only at answers of items that are asked: what is hidden decides nothing.
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


def condition_holds(of: Questionnaire, when: When | None, answers: Answers) -> bool:
    """Whether a condition holds. No condition always does; an answer not given fulfils none."""
    if when is None:
        return True
    if isinstance(when, Condition):
        other = of.item(when.item)
        if other is None or other.key not in answers or not is_visible(of, other, answers):
            return False
        answer = answers[other.key]
        ticked = answer if isinstance(answer, list) else [answer]
        return any(value in when.among for value in ticked)
    each = (condition_holds(of, condition, answers) for condition in when.conditions)
    return any(each) if when.is_any else all(each)


def is_visible(of: Questionnaire, item: QuestionnaireItem, answers: Answers) -> bool:
    """Whether an item is to be answered at all."""
    above = of.item(item.under) if item.under else None
    if above is not None and not is_visible(of, above, answers):
        return False
    return condition_holds(of, of.section_of(item).when, answers) and condition_holds(
        of, item.when, answers
    )


def list_visible_items(
    of: Questionnaire, section: QuestionnaireSection, answers: Answers
) -> Sequence[QuestionnaireItem]:
    """The items of a section that are asked; none while the section is hidden."""
    return [item for item in section.items if is_visible(of, item, answers)]


def list_visible_sections(of: Questionnaire, answers: Answers) -> Sequence[QuestionnaireSection]:
    return [section for section in of.sections if condition_holds(of, section.when, answers)]


def without_hidden(of: Questionnaire, answers: Answers) -> Mapping[str, Answer]:
    """The answers that count on completion: those of items that are asked, and their notes."""
    visible_answers: dict[str, Answer] = {}
    for item in of.items:
        if not is_visible(of, item, answers):
            continue
        keys = [item.key, item.note_key] if item.note else [item.key]
        visible_answers |= {key: answers[key] for key in keys if key in answers}
    return visible_answers
