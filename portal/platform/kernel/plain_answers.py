"""Answers of commands to files of plain data: an object, or a list of such."""

import json
from collections.abc import Callable
from typing import Any


def apply_to_each_json_value(text: str, answer: Callable[[Any, str], Any], refusal: type[Exception]) -> Any:
    """Answer a file's text as JSON values: one answer for an object, a list for a list.

    `answer` gets each value and the beginning of sentences about it: "" or its place, counted from 1.
    Raises `refusal` when the text is not JSON.
    """
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        raise refusal("It is not JSON.") from None
    if isinstance(plain, list):
        return [answer(entry, f"{place}: ") for place, entry in enumerate(plain, start=1)]
    return answer(plain, "")
