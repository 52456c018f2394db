"""Comparison of a typed form with the stored row, after an edit conflict."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask_wtf import FlaskForm
from wtforms import Field, FileField, HiddenField, SelectMultipleField

from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _


class SeenTextField(HiddenField):
    """A hidden field with the text that a person read, compared with the one stored since; others are not."""


@dataclass(frozen=True)
class ConflictingTexts:
    """The stored and the typed text of one field that differ after an edit conflict.

    `is_refilled`: nothing was typed, and the form holds the stored text again.
    """

    label: str
    typed_text: str
    stored_text: str
    is_refilled: bool = False


def list_conflicting_texts(
    typed_form: FlaskForm, stored_form: FlaskForm, ignored_names: Collection[str]
) -> list[ConflictingTexts]:
    """The fields that people see and whose displayed values differ between two forms of one class.

    An empty field of `typed_form` takes the stored value, so that saving again does not erase it.
    """
    return [
        ConflictingTexts(
            str(field.label.text),
            displayed_value(field),
            displayed_value(stored_form[field.name]),
            is_refilled=refill_empty_field(field, stored_form[field.name]),
        )
        for field in typed_form
        if field.name not in ignored_names
        and not _is_hidden(field)
        and displayed_value(field) != displayed_value(stored_form[field.name])
    ]


def refill_empty_field(field: Field, stored_field: Field) -> bool:
    """Give an empty field the stored value; returns whether it was empty. Ticks and files stay as sent."""
    if isinstance(field, HiddenField | FileField | SelectMultipleField) or isinstance(field.data, bool):
        return False
    if displayed_value(field) or not displayed_value(stored_field):
        return False
    field.process(None, stored_field.data)
    field.raw_data = None
    return True


def _is_hidden(field: Field) -> bool:
    return isinstance(field, HiddenField) and not isinstance(field, SeenTextField)


def displayed_value(field: Field) -> str:
    """A field's value as text for a reader."""
    if hasattr(field, "iter_choices"):
        choices = list(field.iter_choices())
        selected_labels = [str(choice[1]) for choice in choices if choice[2]]
        if not selected_labels and field.data in (None, ""):  # a stored None is the choice sent as ""
            selected_labels = [str(choice[1]) for choice in choices if choice[0] == ""]
        return ", ".join(selected_labels)
    if isinstance(field.data, bool):
        return _("oui") if field.data else _("non")
    if isinstance(field.data, date) and not isinstance(field.data, datetime):
        return format_day(field.data)
    value = field._value() if hasattr(field, "_value") else field.data
    return str(value or "")
