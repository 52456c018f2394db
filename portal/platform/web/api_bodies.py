"""Schemas of bodies, made of the forms of pages: names, limits and what is required stand once."""

from collections.abc import Collection, Iterator
from enum import Enum
from typing import Any

from marshmallow import fields, validate
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from portal.platform.web.api_fields import ApiSchema, choice, day, decimal, flag, integer, line, link
from portal.platform.web.api_operations import SchemaClass
from portal.platform.web.base_form import INTERNAL_FIELDS, NumberField, validate_web_link


def form_schema(name: str, form: type[Any], *without: str, **others: fields.Field[Any]) -> SchemaClass:
    """The schema `name` of a form's fields, but for those `without`; `others` replace or add some.

    Raises `TypeError` for a field whose values only a page knows: it must be among the `others`.
    """
    skipped = {*without, *others, *INTERNAL_FIELDS}
    own = {field: _build_body_field(field, unbound) for field, unbound in _unbound_fields(form, skipped)}
    return type(name, (ApiSchema,), {"__doc__": (form.__doc__ or "").split("\n\n")[0], **own, **others})


def _unbound_fields(form: type[Any], skipped: Collection[str]) -> "Iterator[tuple[str, UnboundField[Any]]]":
    """The fields of a form by name, in their order; hidden ones are of pages alone."""
    members = ((name, getattr(form, name)) for name in dir(form) if name not in skipped)
    unbound = [(name, member) for name, member in members if isinstance(member, UnboundField)]
    for name, member in sorted(unbound, key=lambda pair: pair[1].creation_counter):
        if not issubclass(member.field_class, HiddenField):
            yield name, member


def _build_body_field(name: str, unbound: "UnboundField[Any]") -> fields.Field[Any]:
    validators = _validators(unbound)
    is_required = any(isinstance(each, DataRequired | InputRequired) for each in validators)
    options: dict[str, Any] = (
        {"required": True} if is_required else {"load_default": None, "allow_none": True}
    )
    kind = unbound.field_class
    within = next((each for each in validators if isinstance(each, NumberRange)), None)
    if issubclass(kind, BooleanField):
        return flag(load_default=False)
    if issubclass(kind, DateField):
        return day(**options)
    if issubclass(kind, NumberField) and within is not None:
        return decimal(float(within.max or 0), **options)
    if issubclass(kind, IntegerField) and within is not None:
        return integer(int(within.min or 0), int(within.max or 0), **options)
    if issubclass(kind, RadioField | SelectField) and "coerce" in unbound.kwargs:
        return _build_choice_field(unbound, options)
    if issubclass(kind, StringField) and not issubclass(kind, NumberField):
        return _build_text_field(validators, is_required=is_required)
    raise TypeError(f"{name}: no field of the API follows from {kind.__name__}")


def _build_text_field(validators: list[Any], *, is_required: bool) -> fields.Field[Any]:
    shape = next((each for each in validators if isinstance(each, Regexp)), None)
    if shape is not None:
        return fields.String(validate=validate.Regexp(f"^$|{shape.regex.pattern}"), load_default="")
    limit = next(each.max for each in validators if isinstance(each, Length))
    return link(limit) if validate_web_link in validators else line(limit, required=is_required)


def _validators(unbound: "UnboundField[Any]") -> list[Any]:
    listed = unbound.args[1] if len(unbound.args) > 1 else unbound.kwargs.get("validators", ())
    return list(listed or ())


def _build_choice_field(unbound: "UnboundField[Any]", options: dict[str, Any]) -> fields.Field[Any]:
    """A choice between members of an enumeration, or between whole numbers in a row."""
    coerce = unbound.kwargs["coerce"]
    if isinstance(coerce, type) and issubclass(coerce, Enum):
        return choice(coerce, **options)
    numbers = [int(each.value) for each in unbound.kwargs.get("choices") or ()]
    if coerce is not int or not numbers:
        raise TypeError(f"the choices of {unbound.args[0]} are those of a page")
    return integer(min(numbers), max(numbers), **options)
