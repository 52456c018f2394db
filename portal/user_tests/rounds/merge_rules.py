"""Two people type in the same session at once: what each of them changed, field by field. Pure.

A form carries, beside each field, a mark of what stood there when it was read. So a save touches
only what its author touched, and is refused only where somebody else changed the very same field
to something else in between.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MARK_LENGTH = 10  # of a digest in hexadecimal: tells two values of one field apart, hides nothing


@dataclass(frozen=True)
class SentValue:
    """A field's value as it was sent, and the mark of the one that its author had read."""

    value: Any
    was: str


@dataclass(frozen=True)
class Merged:
    """What a save changes, and where it is refused: there, what is stored now."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    clashes: Mapping[str, Any] = field(default_factory=dict)


def mark_of(value: Any) -> str:
    """The same for the same value; nothing said and an empty text are the same."""
    text = "" if value is None else str(value)
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]


def marks_of(values: Sequence[Any]) -> str:
    """Several marks as one text, for one hidden field."""
    return ".".join(mark_of(value) for value in values)


def read_marks(text: str, count: int) -> Sequence[str]:
    """The marks of a hidden field; what is no such text was read by nobody."""
    marks = text.split(".")
    return marks if len(marks) == count else [""] * count


_NOTHING = mark_of(None)


def merge(stored: Mapping[str, Any], typed: Mapping[str, SentValue]) -> Merged:
    """What was typed, over what is stored by now: where nothing is, nothing is lost. Fields that
    were not sent are left alone."""
    changes, clashes = {}, {}
    for name, sent_value in typed.items():
        now = stored[name]
        if mark_of(sent_value.value) in {mark_of(now), sent_value.was}:
            continue  # as it is, or as it was read: whoever changed it since keeps their word
        if mark_of(now) in {sent_value.was, _NOTHING}:
            changes[name] = sent_value.value
        else:
            clashes[name] = now
    return Merged(changes, clashes)
