"""Answers as JSON: parsed, checked against a definition, ordered, fingerprinted. Pure.

The format is an object of item keys and values, as the original AIA tool saves it:
`{"riskProfile1": "item1-3", "businessDrivers1": ["item1", "item2"]}`; notes have their own keys.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from portal.ethics.questionnaires.answer_rules import AnswerMisfit, find_answer_misfit, find_note_misfit
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Answers,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
)


@dataclass(frozen=True)
class ParsedAnswers:
    """`answers` that fit; the rest is left out, by key.

    `passed_over` are items of the original that this questionnaire does not ask, `unknown` keys of
    no item, `misfits` values that do not fit their item.
    """

    answers: Answers
    passed_over: Sequence[str]
    unknown: Sequence[str]
    misfits: Mapping[str, AnswerMisfit]


def unwrap_answers(definition: Questionnaire, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the object of answers; the original AIA tool nests it under `data`."""
    inner = content.get("data")
    return inner if isinstance(inner, dict) and definition.item("data") is None else content


def parse_answers(definition: Questionnaire, content: Mapping[str, Any]) -> ParsedAnswers:
    """Split an object of keys and values into answers and the rest; empty values are no answer."""
    notes = {item.note_key: item for item in definition.items if item.note}
    answers: dict[str, Answer] = {}
    passed_over, unknown = [], []
    misfits: dict[str, AnswerMisfit] = {}
    for key, value in content.items():
        item = definition.item(key)
        if key in definition.passed_over:
            passed_over.append(key)
        elif item is None and key not in notes:
            unknown.append(key)
        elif value not in (None, "", [], {}):
            answer = value if item is None else _wrap_single_tick(item, value)
            misfit = find_note_misfit(answer) if item is None else find_answer_misfit(item, answer)
            if misfit:
                misfits[key] = misfit
            else:
                answers[key] = answer
    return ParsedAnswers(answers, passed_over, unknown, misfits)


def order_answers(definition: Questionnaire, answers: Answers) -> Mapping[str, Answer]:
    """Return the answers in the order of the definition, each note after its item."""
    keys = [key for item in definition.items for key in (item.key, item.note_key)]
    return {key: answers[key] for key in keys if key in answers}


def fingerprint_answers(definition: Questionnaire, definition_fingerprint: str, answers: Answers) -> str:
    """SHA-256, in hexadecimal, of the answers and of the edition that they answer.

    `definition_fingerprint` is that of the definition's text.
    """
    content = {
        "of": [definition.key, definition.edition, definition_fingerprint],
        "answers": order_answers(definition, answers),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _wrap_single_tick(item: QuestionnaireItem, value: Any) -> Any:
    """Wrap a single ticked value in a list."""
    is_single_tick = item.kind is QuestionnaireItemKind.SEVERAL and isinstance(value, str)
    return [value] if is_single_tick else value
