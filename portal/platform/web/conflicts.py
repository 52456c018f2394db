"""Comparison of a typed form with the stored row, after an edit conflict."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField

from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _


class ReadTextField(HiddenField):
    """A hidden field with the text that a person read, compared with the one stored since; others are not."""


@dataclass(frozen=True)
class ConflictingTexts:
    """The stored and the typed text of one field that differ after an edit conflict."""

    label: str
    typed_text: str
    stored_text: str


def compare_fields(
    typed_form: FlaskForm, stored_form: FlaskForm, ignored_names: Collection[str]
) -> list[ConflictingTexts]:
    """The fields that people see and whose displayed values differ between two forms of one class."""
    texts = [
        ConflictingTexts(
            str(field.label.text), displayed_value(field), displayed_value(stored_form[field.name])
        )
        for field in typed_form
        if field.name not in ignored_names and not _is_hidden(field)
    ]
    return [pair for pair in texts if pair.typed_text != pair.stored_text]


def _is_hidden(field: Field) -> bool:
    return isinstance(field, HiddenField) and not isinstance(field, ReadTextField)


def displayed_value(field: Field) -> str:
    """A field's value as text for a reader."""
    if hasattr(field, "iter_choices"):
        return ", ".join(str(choice[1]) for choice in field.iter_choices() if choice[2])
    if isinstance(field.data, bool):
        return _("oui") if field.data else _("non")
    if isinstance(field.data, date) and not isinstance(field.data, datetime):
        return format_day(field.data)
    value = field._value() if hasattr(field, "_value") else field.data
    return str(value or "")
