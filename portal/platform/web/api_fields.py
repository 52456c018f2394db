"""Fields of the API's schemas: each with its limits, which the OpenAPI document repeats.

One schema serves validation, answers and the document: fields that only answers have are
`dump_only`. Unknown fields are refused.
"""

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from portal.platform.kernel.clock import find_implausible_date_problem
from portal.platform.kernel.text import LazyString, clean_text
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import is_web_link

INTEGER_MAX = 2**31 - 1
NOBODY = "nobody"
_LENGTH: Any = _l("De {min} à {max} caractères.")
_RANGE: Any = _l("De {min} à {max}.")
_LENGTH_MOST: Any = _l("Au plus {max} caractères.")
_COUNT: Any = _l("De {min} à {max} éléments.")
_COUNT_MOST: Any = _l("Au plus {max} éléments.")
_SHAPE: Any = _l("Cette valeur n’a pas la forme attendue.")
_UNFIT = _l("Cette valeur ne convient pas.")


# What a field says of a value that it refuses, instead of the library's English.
_REFUSALS = {
    "required": _l("Ce champ manque."),
    "null": _l("Ce champ ne peut pas être nul."),
    "invalid": _UNFIT,
    "validator_failed": _UNFIT,
    "invalid_uuid": _l("Ce n’est pas un identifiant."),
    "too_large": _UNFIT,
    "special": _UNFIT,
}


def _translate_field_messages(field: fields.Field[Any]) -> None:
    """Let a field, its parts and its validators refuse in the reader's language."""
    usual = dict.fromkeys(field.error_messages, _UNFIT)
    field.error_messages = {**usual, **_REFUSALS, **_choice_messages(field)}
    for validator in field.validators:
        says_nothing_own = getattr(validator, "error", "") in {
            None,
            getattr(validator, "default_message", None),
        }
        if says_nothing_own:
            validator.error = _find_validator_sentence(field, validator)  # type: ignore[attr-defined]
    for part in _list_inner_fields(field):
        _translate_field_messages(part)


def _list_inner_fields(field: fields.Field[Any]) -> Iterable[fields.Field[Any]]:
    """The fields of which a list or a mapping is made."""
    if isinstance(field, fields.List):
        return (field.inner,)
    parts = (field.key_field, field.value_field) if isinstance(field, fields.Dict) else ()
    return [part for part in parts if part is not None]


def _choice_messages(field: fields.Field[Any]) -> dict[str, LazyString]:
    """What a choice between members, or between true and false, says of another value: all of them."""
    if isinstance(field, fields.Boolean):
        return {"invalid": describe_choices(("true", "false"))}
    if not isinstance(field, fields.Enum):
        return {}
    narrowed = next((each.choices for each in field.validators if isinstance(each, validate.OneOf)), None)
    members = field.enum if narrowed is None else narrowed
    sentence = describe_choices(each.value if field.by_value else each.name for each in members)
    return {"invalid": sentence, "unknown": sentence}


def describe_choices(values: Iterable[Any]) -> LazyString:
    """« Choisissez parmi : … », with these values; what is empty is not named."""
    named = [str(value) for value in values if value not in {None, ""}]
    return _l("Choisissez parmi : %(choices)s.", choices=", ".join(named))


def _find_validator_sentence(field: fields.Field[Any], validator: Any) -> Any:
    """What a validator of the library says, by its kind."""
    if isinstance(validator, validate.Length):
        sentences = (_COUNT, _COUNT_MOST) if isinstance(field, fields.List) else (_LENGTH, _LENGTH_MOST)
        return sentences[validator.min is None]
    if isinstance(validator, validate.Range):
        return _RANGE
    if isinstance(validator, validate.OneOf):
        return describe_choices(validator.choices)
    return _SHAPE if isinstance(validator, validate.Regexp) else _UNFIT


class ApiSchema(Schema):
    """Base of the API's schemas: refuses unknown fields."""

    error_messages: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # the library copies it
        "unknown": _l("Ce champ n’existe pas."),
        "type": _l("Un objet JSON est attendu."),
    }

    def on_bind_field(self, _field_name: str, field_obj: fields.Field[Any]) -> None:
        _translate_field_messages(field_obj)

    class Meta:
        unknown = RAISE


class OptionalBodySchema(ApiSchema):
    """Base of a body that may be left out: a released version of the API had none there."""


class CleanText(fields.String):
    """Text as the forms clean it (NFC, no invisible characters), before its length is checked."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        return clean_text(super()._deserialize(value, attr, data, **options))


class StrictDecimal(fields.Float):
    """A JSON number; a number in a text is refused."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, str | bool):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class StrictBoolean(fields.Boolean):
    """True or false of JSON; a number or a text is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **options)


def line(
    limit: int, about: str = "", *, required: bool = False, example: str = "", **options: Any
) -> fields.Field[Any]:
    """Text of at most `limit` characters; `required` is also not empty. Optional ones default to ""."""
    least = 1 if required else 0
    default = {} if required or options.get("dump_only") else {"load_default": ""}
    return CleanText(
        validate=validate.Length(min=least, max=limit, error=_LENGTH),
        required=required,
        metadata=_build_metadata(about, example),
        **default | options,
    )


def link(limit: int, about: str = "", **options: Any) -> fields.Field[Any]:
    """An http(s) address, or "" unless `required`."""
    is_required = options.get("required", False)
    least = 1 if is_required else None
    checks: list[Any] = [validate.Length(least, limit, error=_LENGTH), _check_link]
    default = {} if is_required else {"load_default": ""}
    metadata = _build_metadata(about) | ({"example": "https://forge.example/hook"} if is_required else {})
    return CleanText(validate=checks, metadata=metadata, **default | options)


def integer(least: int, most: int, about: str = "", **options: Any) -> fields.Field[Any]:
    """A whole number from `least` to `most`."""
    within = validate.Range(least, most, error=_RANGE)
    return fields.Integer(strict=True, validate=within, metadata=_build_metadata(about), **options)


def decimal(limit: float, about: str = "", **options: Any) -> fields.Field[Any]:
    """A number between -`limit` and `limit`."""
    within = validate.Range(-limit, limit, error=_RANGE)
    return StrictDecimal(validate=within, metadata=_build_metadata(about), **options)


def flag(about: str = "", **options: Any) -> fields.Field[Any]:
    """True or false of a body or an answer."""
    return StrictBoolean(metadata=_build_metadata(about), **options)


def query_flag(about: str) -> fields.Field[Any]:
    """True or false of a query string, false where it is left out."""
    return fields.Boolean(
        truthy={"true"}, falsy={"false"}, metadata=_build_metadata(about), load_default=False
    )


def choice(members: type[Enum], about: str = "", *, example: str = "", **options: Any) -> fields.Field[Any]:
    """A member of an enumeration, by its value."""
    return fields.Enum(members, by_value=True, metadata=_build_metadata(about, example), **options)


def day(about: str = "", *, example: str = "2026-11-28", **options: Any) -> fields.Field[Any]:
    """A plausible day, in ISO format."""
    return fields.Date(validate=_check_day, metadata=_build_metadata(about, example), **options)


def past_day(**options: Any) -> fields.Field[Any]:
    """The day as of whose end something is read or made; `require_past_day_of_programme` refuses others."""
    return day(
        "As of the end of this day, from the first day of the programme or project to today; another is"
        " refused (422). Without it, now.",
        **options,
    )


def moment(about: str = "", **options: Any) -> fields.Field[Any]:
    """A moment of an answer, in UTC."""
    metadata = _build_metadata(about) | {"example": "2026-11-28T12:00:00+00:00"}
    return fields.AwareDateTime(dump_only=True, metadata=metadata, **options)


def id_(about: str = "", **options: Any) -> fields.Field[Any]:
    """A UUID."""
    return fields.UUID(metadata=_build_metadata(about), **options)


def person_filter() -> fields.Field[Any]:
    """Whose things a list shows: a filter, "" for everybody's."""
    return fields.String(
        validate=validate.Regexp(rf"^({NOBODY}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})\Z"),
        load_default="",
        metadata=_build_metadata(f"The id of a person, or `{NOBODY}`."),
    )


def number() -> fields.Field[Any]:
    """The number by which people call a row."""
    return integer(1, INTEGER_MAX, "The number by which people call it.", dump_only=True)


def version() -> fields.Field[Any]:
    """The version of an answer's row, for `If-Match`."""
    return integer(1, INTEGER_MAX, "Grows with each change; sent back in `If-Match`.", dump_only=True)


def count(about: str = "", **options: Any) -> fields.Field[Any]:
    """A number of things, of answers alone."""
    return integer(0, INTEGER_MAX, about, dump_only=True, **options)


def _build_metadata(about: str, example: str = "") -> dict[str, Any]:
    return ({"description": about} if about else {}) | ({"example": example} if example else {})


def _check_link(value: str) -> None:
    if not is_web_link(value):
        raise ValidationError(_("Donnez une adresse complète, qui commence par https://."))


def _check_day(value: date) -> None:
    if problem := find_implausible_date_problem(value):
        raise ValidationError(problem)
