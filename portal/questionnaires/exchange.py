"""Answers as JSON: brought in from elsewhere, held to a questionnaire; and their fingerprint. Pure.

They are an object of ids and values, as the original of the AIA saves them: `{"riskProfile1":
"item1-3", "businessDrivers1": ["item1", "item2"]}`; notes stand under their own names.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from portal.questionnaires.definition import Answer, Answers, Item, Kind, Questionnaire
from portal.questionnaires.fitting import Misfit, misfit, note_misfit


@dataclass(frozen=True)
class Taken:
    """`passed_over`: ids of the original that this questionnaire does not ask, left out.

    `unknown` are ids that nobody knows, `misfits` answers that cannot be one: both left out too.
    """

    answers: Answers
    passed_over: Sequence[str]
    unknown: Sequence[str]
    misfits: Mapping[str, Misfit]


def answers_within(of: Questionnaire, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ids and values of what was sent. The original of the AIA saves them under `data`."""
    inner = given.get("data")
    return inner if isinstance(inner, dict) and of.item("data") is None else given


def take_answers(of: Questionnaire, given: Mapping[str, Any]) -> Taken:
    """What of an object of ids and values can be answers. Nothing said (null, "", []) is none."""
    notes = {item.note_key: item for item in of.items if item.note}
    answers: dict[str, Answer] = {}
    passed_over, unknown = [], []
    misfits: dict[str, Misfit] = {}
    for key, value in given.items():
        item = of.item(key)
        if key in of.passed_over:
            passed_over.append(key)
        elif item is None and key not in notes:
            unknown.append(key)
        elif value not in (None, "", [], {}):
            answer = value if item is None else _as_kept(item, value)
            wrong = note_misfit(answer) if item is None else misfit(item, answer)
            if wrong:
                misfits[key] = wrong
            else:
                answers[key] = answer
    return Taken(answers, passed_over, unknown, misfits)


def give_answers(of: Questionnaire, answers: Answers) -> Mapping[str, Answer]:
    """In the order of the questionnaire, a note after what it stands beside."""
    keys = [key for item in of.items for key in (item.key, item.note_key)]
    return {key: answers[key] for key in keys if key in answers}


def fingerprint_of(of: Questionnaire, definition: str, answers: Answers) -> str:
    """The SHA-256 of what was answered to what. `definition` is the fingerprint of its text."""
    told = {"of": [of.key, of.edition, definition], "answers": give_answers(of, answers)}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _as_kept(item: Item, value: Any) -> Any:
    """One tick may come alone."""
    return [value] if item.kind is Kind.SEVERAL and isinstance(value, str) else value
