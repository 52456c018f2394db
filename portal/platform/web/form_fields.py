"""Fields that most forms have, each with the validators and attributes that belong to it.

`required` is the sentence beside an empty field, "" for an optional one; `hint` stands below the
label.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeAlias, TypeVar, cast

from wtforms import BooleanField, DateField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.platform.kernel.errors import hash_warning
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    Form,
    NumberField,
    build_choices_from_pairs,
    validate_plausible_date,
    validate_web_link,
)

Text: TypeAlias = str | LazyString
Values = TypeVar("Values")
CHOICE_REQUIRED = InputRequired(_l("Choisissez dans la liste."))
ANSWER_REQUIRED = InputRequired(_l("Choisissez une réponse."))  # where the choices stand side by side
LINK_HINT = _l("Une adresse web, qui commence par https://")


class WarningSeenField(BooleanField):
    """Confirms the warning that stands beside it. Its value is the digest of that warning, so that
    another one is shown first when what was typed has changed since."""

    def _value(self) -> str:
        return hash_warning(str(self.errors[-1])) if self.errors else str(self.data or "")

    @property
    def checked(self) -> bool:
        return bool(self.data) and not self.errors

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data: Any = valuelist[0] if valuelist else ""


def build_dataclass_from_fields(form: Form, shape: type[Values], **others: Any) -> Values:
    """Return a dataclass filled from the form's fields of the same names, and from `others`."""
    names = [field.name for field in fields(cast(Any, shape)) if field.name not in others]
    return shape(**{name: form.values[name] for name in names}, **others)


def line_field(label: Text, limit: int, *, required: Text = "", hint: Text = "") -> StringField:
    """Return a field for one line of up to `limit` characters."""
    return StringField(label, _length_validators(limit, required), description=hint)


def text_field(label: Text, limit: int, *, rows: int, required: Text = "", hint: Text = "") -> TextAreaField:
    """Return a field for several lines, `rows` high."""
    return TextAreaField(
        label, _length_validators(limit, required), description=hint, render_kw={"rows": rows}
    )


def link_field(label: Text, limit: int, *, hint: Text = "") -> StringField:
    """Return an optional field for an http(s) URL; without another hint it says so."""
    return StringField(label, [Length(max=limit), validate_web_link], description=hint or LINK_HINT)


def _length_validators(limit: int, required: Text) -> list[Any]:
    return [*([DataRequired(required)] if required else ()), Length(max=limit)]


def day_field(label: Text, *, optional: bool = False, hint: Text = "") -> DateField:
    """Return a field for a plausible date."""
    first = Optional() if optional else InputRequired(_l("Donnez une date."))
    return DateField(label, [first, validate_plausible_date], description=hint)


def radio_field(
    label: Text,
    labels: Mapping[Any, object] | Iterable[tuple[Any, object]],
    coerce: Callable[[Any], Any],
    *,
    required: Text = "",
    hint: Text = "",
) -> RadioField:
    """Return a required choice between the keys of `labels`, which `coerce` reads."""
    validators = [InputRequired(required) if required else ANSWER_REQUIRED]
    return RadioField(
        label, validators, choices=build_choices_from_pairs(labels), coerce=coerce, description=hint
    )


def integer_field(
    label: Text, least: int, most: int, *, required: Text = "", hint: Text = "", **options: Any
) -> IntegerField:
    """Return a field for a whole number from `least` to `most`."""
    first = InputRequired(required) if required else Optional()
    return IntegerField(label, [first, NumberRange(least, most)], description=hint, **options)


def decimal_field(label: Text, limit: float, *, optional: bool = False, hint: Text = "") -> NumberField:
    """Return a field for a decimal number between -`limit` and `limit`."""
    first = Optional() if optional else InputRequired(_l("Donnez un nombre."))
    validators = [first, NumberRange(-limit, limit)]
    return NumberField(label, validators, description=hint, render_kw={"inputmode": "decimal"})
