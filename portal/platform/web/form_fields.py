"""Fields that many forms declare: texts with a limit, days, links, choices of a scale."""

from collections.abc import Mapping
from typing import TypeAlias

from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import choices_of, validate_plausible_date, validate_web_link

Label: TypeAlias = LazyString | str
CHOICE_REQUIRED = InputRequired(_l("Choisissez dans la liste."))


def required_text(
    label: Label, refusal: Label, length_max: int, hint: Label = "", *, rows: int = 4
) -> TextAreaField:
    """A text of several lines; `refusal` is shown when it is missing."""
    validators = [DataRequired(refusal), Length(max=length_max)]
    return TextAreaField(label, validators, description=hint, render_kw={"rows": rows})


def optional_text(
    label: Label, length_max: int, hint: Label = "", *, rows: int = 4
) -> TextAreaField:
    return TextAreaField(
        label, [Length(max=length_max)], description=hint, render_kw={"rows": rows}
    )


def required_line(label: Label, refusal: Label, length_max: int, hint: Label = "") -> StringField:
    """A text of one line; `refusal` is shown when it is missing."""
    return StringField(label, [DataRequired(refusal), Length(max=length_max)], description=hint)


def link_line(label: Label, length_max: int, hint: Label = "") -> StringField:
    """An optional http(s) URL."""
    return StringField(label, [Length(max=length_max), validate_web_link], description=hint)


def required_date(label: Label) -> DateField:
    return DateField(label, [InputRequired(_l("Donnez une date.")), validate_plausible_date])


def optional_date(label: Label) -> DateField:
    return DateField(label, [Optional(), validate_plausible_date])


def scale_choice(label: Label, steps: Mapping[int, object]) -> RadioField:
    """A required step of a scale, one radio button each."""
    return RadioField(label, [CHOICE_REQUIRED], choices=choices_of(steps), coerce=int)
