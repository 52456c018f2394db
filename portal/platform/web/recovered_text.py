"""Text typed into a form whose session had expired: carried through the sign-in by the pages.

The form cannot be processed or shown to an anonymous visitor. Its texts are shown above the sign-in
form, posted along with it and shown again afterwards; the server stores nothing. Only visible text
fields of the portal's forms are shown: no password, no token, no hidden field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from wtforms import DateField, Field, HiddenField, IntegerField, PasswordField, StringField
from wtforms.fields.core import UnboundField

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import clean_text
from portal.platform.web.base_form import INTERNAL_FIELDS, Form
from portal.platform.web.rendering import find_referring_path, wants_fragment
from portal.platform.web.urls import own_path_or

_PREFIX = "kept-"
_FIELDS_MAX = 30
_TEXT_MAX = 20_000  # characters, more than any field takes
_TEXT_FIELDS = (StringField, IntegerField, DateField)
_HIDDEN_FIELDS = (PasswordField, HiddenField)

if TYPE_CHECKING:  # generic only in the stubs
    Fields = dict[str, UnboundField[Any]]


@dataclass(frozen=True)
class RecoveredText:
    """A recovered text; `name` is the sign-in form's field that carries it."""

    name: str
    label: str
    text: str

    @property
    def rows(self) -> int:
        """Height of its text area, in lines."""
        return min(12, max(2, self.text.count("\n") + len(self.text) // 80 + 1))


def read_texts_without_session() -> list[RecoveredText]:
    """The texts of a form submitted without a session; [] for htmx, whose page keeps them.

    A form with a file is not read: files of anonymous visitors are not accepted.
    """
    has_file = request.mimetype == "multipart/form-data"
    if request.method in SAFE_METHODS or has_file or wants_fragment():
        return []
    texts = {name.rsplit("-", 1)[-1]: text for name, text in request.form.items()}
    kind = _find_likeliest_form(texts.keys())
    return _list_recovered_texts((f"{_PREFIX}{kind}-{name}", text) for name, text in texts.items())


def read_texts_from_sign_in_form() -> list[RecoveredText]:
    """The same texts as the sign-in form posts them. A page of another release may name a form that
    this one calls otherwise: its fields say which it is."""
    carried = [name for name in request.form if name.startswith(_PREFIX)]
    names = {name: name.removeprefix(_PREFIX).partition("-")[::2] for name in carried}
    fields = {field for _kind, field in names.values()}
    form_names = {name: kind for name, (kind, _field) in names.items() if kind in _fields_by_form_name()}
    likeliest = _find_likeliest_form(fields) if len(form_names) < len(names) else ""
    return _list_recovered_texts(
        (f"{_PREFIX}{form_names.get(name, likeliest)}-{field}", request.form[name])
        for name, (_kind, field) in names.items()
    )


def find_form_path(home: str) -> str:
    """The path of the page whose form was submitted without a session."""
    return own_path_or(find_referring_path(), own_path_or(request.path, home))


def _list_recovered_texts(texts: Iterable[tuple[str, str]]) -> list[RecoveredText]:
    recovered = []
    for name, text in texts:
        form_field = _find_form_field(name)
        if form_field is not None and text.strip():
            recovered.append(RecoveredText(name, _field_label(form_field), clean_text(text[:_TEXT_MAX])))
    return recovered[:_FIELDS_MAX]


def _find_form_field(name: str) -> UnboundField[Any] | None:
    """The form field for a carried name, when its text may be shown; else None."""
    if not name.startswith(_PREFIX):
        return None
    kind, _dash, field = name.removeprefix(_PREFIX).partition("-")
    form_field = _fields_by_form_name().get(kind, {}).get(field)
    if form_field is None or field in INTERNAL_FIELDS:
        return None
    is_visible = issubclass(form_field.field_class, _TEXT_FIELDS) and not issubclass(
        form_field.field_class, _HIDDEN_FIELDS
    )
    return form_field if is_visible else None


def _field_label(form_field: UnboundField[Any]) -> str:
    return str(form_field.args[0] if form_field.args else form_field.kwargs.get("label", ""))


def _find_likeliest_form(submitted: Collection[str]) -> str:
    """The name of the form that fits the submitted names best."""
    return max(_fields_by_form_name(), key=lambda name: _rate_form_likeness(name, submitted))


def _rate_form_likeness(name: str, submitted: Collection[str]) -> tuple[int, int, bool]:
    """How well a form fits the submitted names: most fields in common, then fewest other fields,
    then a form of the requested feature."""
    fields = _fields_by_form_name()[name]
    common = len(fields.keys() & set(submitted))
    view = current_app.view_functions.get(request.endpoint or "")
    is_of_feature = view is not None and _package_of_module(view.__module__) == _package_by_form_name()[name]
    return common, common - len(fields), is_of_feature


@cache
def _fields_by_form_name() -> dict[str, Fields]:
    """The fields of every form of the portal, by the form's name."""
    return {kind.__name__: _map_form_fields_by_name(kind) for kind in _list_subclasses(Form)}


@cache
def list_portal_field_names_of_kind(kind: type[Field]) -> frozenset[str]:
    """The names of all fields of a kind, in any form of the portal."""
    return frozenset(
        name
        for fields in _fields_by_form_name().values()
        for name, form_field in fields.items()
        if issubclass(form_field.field_class, kind)
    )


@cache
def _package_by_form_name() -> dict[str, str]:
    """The package of every form, by the form's name."""
    return {kind.__name__: _package_of_module(kind.__module__) for kind in _list_subclasses(Form)}


def _package_of_module(module: str) -> str:
    return module.rpartition(".")[0]


def _map_form_fields_by_name(kind: type[Form]) -> Fields:
    declared = ((name, getattr(kind, name, None)) for name in dir(kind))
    return {name: field for name, field in declared if isinstance(field, UnboundField)}


def _list_subclasses(kind: type[Form]) -> Iterator[type[Form]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _list_subclasses(subclass)
