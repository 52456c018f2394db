"""Answers as JSON: brought in from elsewhere, held to a questionnaire; and their fingerprint. Pure.

They are an object of ids and values, as the original of the AIA saves them: `{"riskProfile1":
"item1-3", "businessDrivers1": ["item1", "item2"]}`; notes stand under their own names.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from portal.ethics.questionnaires.answer_rules import Misfit, find_misfit, find_note_misfit
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Answers,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
)


@dataclass(frozen=True)
class ParsedAnswers:
    """`passed_over`: ids of the original that this questionnaire does not ask, left out.

    `unknown` are ids that nobody knows, `misfits` answers that cannot be one: both left out too.
    """

    answers: Answers
    passed_over: Sequence[str]
    unknown: Sequence[str]
    misfits: Mapping[str, Misfit]


def unwrap_answers(of: Questionnaire, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ids and values of what was sent. The original of the AIA saves them under `data`."""
    inner = content.get("data")
    return inner if isinstance(inner, dict) and of.item("data") is None else content


def parse_answers(of: Questionnaire, content: Mapping[str, Any]) -> ParsedAnswers:
    """What of an object of ids and values can be answers. Nothing said (null, "", []) is none."""
    notes = {item.note_key: item for item in of.items if item.note}
    answers: dict[str, Answer] = {}
    passed_over, unknown = [], []
    misfits: dict[str, Misfit] = {}
    for key, value in content.items():
        item = of.item(key)
        if key in of.passed_over:
            passed_over.append(key)
        elif item is None and key not in notes:
            unknown.append(key)
        elif value not in (None, "", [], {}):
            answer = value if item is None else _to_stored_value(item, value)
            wrong = find_note_misfit(answer) if item is None else find_misfit(item, answer)
            if wrong:
                misfits[key] = wrong
            else:
                answers[key] = answer
    return ParsedAnswers(answers, passed_over, unknown, misfits)


def order_answers(of: Questionnaire, answers: Answers) -> Mapping[str, Answer]:
    """In the order of the questionnaire, a note after what it stands beside."""
    keys = [key for item in of.items for key in (item.key, item.note_key)]
    return {key: answers[key] for key in keys if key in answers}


def fingerprint_answers(of: Questionnaire, definition: str, answers: Answers) -> str:
    """The SHA-256 of what was answered to what. `definition` is the fingerprint of its text."""
    content = {"of": [of.key, of.edition, definition], "answers": order_answers(of, answers)}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _to_stored_value(item: QuestionnaireItem, value: Any) -> Any:
    """One tick may come alone."""
    return (
        [value] if item.kind is QuestionnaireItemKind.SEVERAL and isinstance(value, str) else value
    )
