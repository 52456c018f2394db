"""Validates a stored answer against its item. Pure: `completion_rules` has the sentences."""

import math
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, assert_never
from urllib.parse import urlsplit

from portal.ethics.questionnaires.definition_rules import (
    LINE_MAX,
    LINK_MAX,
    NOTE_MAX,
    TEXT_MAX,
    Answer,
    MatrixCellContent,
    QuestionnaireItem,
    QuestionnaireItemKind,
)


class AnswerMisfit(StrEnum):
    """Why an answer does not fit its item."""

    NOT_OFFERED = "not_offered"
    NOT_SEVERAL = "not_several"  # not a list of offered values, each once
    NO_TABLE = "no_table"
    NO_TEXT = "no_text"  # no text, or empty, or too long
    NO_NUMBER = "no_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_BOUNDS = "out_of_bounds"
    NO_DAY = "no_day"
    NO_LINK = "no_link"


def find_answer_misfit(item: QuestionnaireItem, answer: Answer) -> AnswerMisfit | None:
    """Return why an answer does not fit its item, None when it fits.

    A stored answer may no longer fit: bounds and choices change between editions.
    """
    match item.kind:
        case QuestionnaireItemKind.NUMBER:
            return _find_number_misfit(item, answer)
        case QuestionnaireItemKind.CHOICE | QuestionnaireItemKind.YES_NO | QuestionnaireItemKind.ASSESSED:
            fits, wrong = item.choice(answer) is not None, AnswerMisfit.NOT_OFFERED
        case QuestionnaireItemKind.SEVERAL:
            fits, wrong = _are_ticks_valid(item, answer), AnswerMisfit.NOT_SEVERAL
        case QuestionnaireItemKind.MATRIX:
            fits, wrong = _is_matrix_valid(item, answer), AnswerMisfit.NO_TABLE
        case QuestionnaireItemKind.TEXT:
            fits, wrong = _is_storable_text(answer, max_text_length(item)), AnswerMisfit.NO_TEXT
        case QuestionnaireItemKind.DATE:
            fits, wrong = _is_day(answer), AnswerMisfit.NO_DAY
        case QuestionnaireItemKind.LINK:
            fits, wrong = _is_link(answer), AnswerMisfit.NO_LINK
        case _:
            assert_never(item.kind)
    return None if fits else wrong


def find_note_misfit(note: Answer) -> AnswerMisfit | None:
    """The same for a note."""
    return None if _is_storable_text(note, NOTE_MAX) else AnswerMisfit.NO_TEXT


def max_text_length(item: QuestionnaireItem) -> int:
    """The greatest number of characters in a text answer."""
    return TEXT_MAX if item.long else LINE_MAX


def _are_ticks_valid(item: QuestionnaireItem, answer: object) -> bool:
    if not isinstance(answer, list) or not answer:
        return False
    offered = {choice.value for choice in item.choices}
    return all(isinstance(value, str) for value in answer) and (
        len(set(answer)) == len(answer) and offered >= set(answer)
    )


def _is_matrix_valid(item: QuestionnaireItem, answer: object) -> bool:
    if not isinstance(answer, dict) or not answer:
        return False
    if not {row.value for row in item.rows} >= answer.keys():
        return False
    fits = _are_ticks_valid if item.cells is MatrixCellContent.TICK else _are_texts_valid
    return all(fits(item, row) for row in answer.values())


def _are_texts_valid(item: QuestionnaireItem, row: object) -> bool:
    if not isinstance(row, Mapping) or not row:
        return False
    offered = {choice.value for choice in item.choices}
    return offered >= row.keys() and all(_is_storable_text(text, NOTE_MAX) for text in row.values())


def _is_storable_text(answer: Any, most: int) -> bool:
    """Whether a database can store it: an imported file may hold NUL or lone surrogates."""
    if not isinstance(answer, str) or "\0" in answer:
        return False
    try:
        answer.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return 0 < len(answer) <= most


def _find_number_misfit(item: QuestionnaireItem, answer: Answer) -> AnswerMisfit | None:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not _is_finite(answer):
        return AnswerMisfit.NO_NUMBER
    if item.whole and answer != int(answer):
        return AnswerMisfit.NOT_WHOLE
    return None if item.least <= answer <= item.most else AnswerMisfit.OUT_OF_BOUNDS


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an integer beyond the range of floats
        return False


def _is_day(answer: Answer) -> bool:
    try:
        date.fromisoformat(str(answer))
    except ValueError:
        return False
    return True


def _is_link(answer: Answer) -> bool:
    try:
        parts = urlsplit(str(answer))
        is_sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
    return is_sound and len(str(answer)) <= LINK_MAX
