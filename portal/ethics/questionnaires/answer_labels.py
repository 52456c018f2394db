"""Answers and conditions as text, in the reader's language."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_decimal

from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Condition,
    ItemChoice,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
    When,
)
from portal.ethics.questionnaires.edition_change_rules import ItemDifference
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day

DIFFERENCES: dict[ItemDifference, LazyString] = {
    ItemDifference.WORDS: _l("les mots changent"),
    ItemDifference.ANSWERS: _l("les réponses possibles changent"),
    ItemDifference.PLACE: _l("elle passe dans une autre section"),
    ItemDifference.REQUIRED: _l("obligatoire ou non"),
    ItemDifference.CONDITION: _l("posée dans d’autres cas"),
}


def format_answer(item: QuestionnaireItem | None, answer: Answer | None) -> str:
    """Return an answer as text, "" for none; an answer to an unknown item is shown as stored."""
    if item is None or answer is None:
        return "" if answer is None else str(answer)
    if isinstance(answer, list):
        return _join_labels(item.choices, answer)
    if isinstance(answer, dict):
        return "\n".join(_format_matrix_row(item, key, row) for key, row in answer.items())
    if item.kind is QuestionnaireItemKind.NUMBER and isinstance(answer, int | float):
        return str(format_decimal(answer))
    return _format_text(item, str(answer))


def _format_text(item: QuestionnaireItem, answer: str) -> str:
    if choice := item.choice(answer):
        return str(choice.label)
    return day(date.fromisoformat(answer)) if item.kind is QuestionnaireItemKind.DATE else answer


def describe_condition(definition: Questionnaire, when: When | None) -> str:
    """Return the sentence that says when an item is asked; "" when it always is."""
    if isinstance(when, Condition):
        item = definition.item(when.item)
        if item is None:
            return ""
        return _(
            "« %(question)s » : %(answers)s",
            question=item.label,
            answers=_describe_condition_values(item, when),
        )
    if when is None:
        return ""
    joint = _(" et ") if not (when.is_any or when.is_none) else _(" ou ")
    conditions = joint.join(describe_condition(definition, condition) for condition in when.conditions)
    return _("sauf si %(conditions)s", conditions=conditions) if when.is_none else conditions


def _describe_condition_values(item: QuestionnaireItem, when: Condition) -> str:
    return _join_labels(item.choices, when.among)


def _join_labels(offered: Sequence[ItemChoice], values: Sequence[str]) -> str:
    labels = {choice.value: str(choice.label) for choice in offered}
    return ", ".join(labels.get(value, value) for value in values)


def _format_matrix_row(item: QuestionnaireItem, key: str, row: Any) -> str:
    """One row of a matrix: the ticked columns, or the text of each column."""
    name = _join_labels(item.rows, [key])
    if isinstance(row, dict):
        cells = ", ".join(
            _format_heading_and_text(_join_labels(item.choices, [at]), text) for at, text in row.items()
        )
        return _format_heading_and_text(name, cells)
    return _format_heading_and_text(name, _join_labels(item.choices, row))


def _format_heading_and_text(above: str, within: str) -> str:
    return _("%(above)s : %(within)s", above=above, within=within)
