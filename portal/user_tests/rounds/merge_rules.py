"""Three-way merge of a session form, field by field. Pure.

A form carries a digest (mark) of the value of each field when it was read. A save changes only the
fields that its author changed, and is refused only for fields that somebody else set to another
value in between.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MARK_LENGTH = 10  # hexadecimal digits: enough to detect a change, not meant to hide the value

REFUSED_MARK = ""  # no value has it: what is sent with it is refused again


@dataclass(frozen=True)
class SentValue:
    """A submitted value, and the mark of the value that its author had read."""

    value: Any
    was: str


@dataclass(frozen=True)
class MergedValues:
    """Values to store, and the stored values of the fields in conflict."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    clashes: Mapping[str, Any] = field(default_factory=dict)


def value_mark(value: Any) -> str:
    """Return the mark of a value; None and "" have the same."""
    text = "" if value is None else str(value)
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]


def join_value_marks(values: Sequence[Any]) -> str:
    """Return the marks of several values as the text of a hidden field."""
    return ".".join(value_mark(value) for value in values)


def split_value_marks(text: str, count: int) -> Sequence[str]:
    """Parse the text of `join_value_marks`; invalid text gives empty marks, which match no value."""
    marks = text.split(".")
    return marks if len(marks) == count else [""] * count


_EMPTY_MARK = value_mark(None)


def merge_values(stored: Mapping[str, Any], typed: Mapping[str, SentValue]) -> MergedValues:
    """Merge submitted values into stored ones. A value over an empty field is no conflict; fields
    that were not submitted are left alone."""
    changes, clashes = {}, {}
    for name, sent_value in typed.items():
        current = stored[name]
        if value_mark(sent_value.value) in {value_mark(current), sent_value.was}:
            continue  # already stored, or not changed by the author
        if value_mark(current) in {sent_value.was, _EMPTY_MARK}:
            changes[name] = sent_value.value
        else:
            clashes[name] = current
    return MergedValues(changes, clashes)
