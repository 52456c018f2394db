"""Where a form meets a command: typed, checked, acted on once, and given back when refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, request
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import Field, HiddenField, IntegerField, PasswordField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.fields.core import UnboundField
from wtforms.validators import Length, NumberRange, ValidationError

from portal.platform.kernel.database import db
from portal.platform.kernel.errors import AlreadyDeleted, Conflict, RuleBroken, TooLate
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import clean
from portal.platform.kernel.text import gettext as _
from portal.platform.web import rate_limits
from portal.platform.web.actor import current_actor, has_csrf_failure
from portal.platform.web.csrf import LazyCsrf
from portal.platform.web.form_messages import FormTranslations
from portal.platform.web.form_submission import KEY_LENGTH, FormSubmission
from portal.platform.web.rendering import redirect_to_path
from portal.platform.web.template_filters import format_for_input

Result = TypeVar("Result")
Choice = TypeVar("Choice", bound=StrEnum)
FIRST_YEAR, LAST_YEAR = 2000, 2100
VERSION_MAX = 2**31 - 1
CONFLICT = 409
UNPROCESSABLE = 422
INTEGER_MAX = 10**18  # no field reaches so far, and whatever compares numbers can still hold it
FORBIDDEN = 403
INTERNAL_FIELDS = frozenset({"csrf_token", "form_key", "version"})


def _clean(value: str | None) -> str:
    """Text as it is kept; a field that was not sent is empty text."""
    return clean(value or "")


def _clamp(value: int | None) -> int | None:
    """A whole number of any length as one that a range can refuse; what was typed is shown."""
    return None if value is None else max(-INTEGER_MAX, min(INTEGER_MAX, value))


class NumberField(StringField):
    """A number as people write it here: « 0,61 » or 0.61. Its data is a float or None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = clean(valuelist[0]) if valuelist else ""
        text = typed.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
        if not text:
            self.data = None
            return
        try:
            self.data = float(text.replace(",", "."))
        except ValueError:
            self.data = None
            raise ValueError(_("Écrivez un nombre, par exemple 0,61.")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return format_for_input(self.data)


@dataclass(frozen=True)
class ConflictingTexts:
    """One field as it is stored now, beside what the person typed."""

    label: str
    typed_text: str
    stored_text: str


class Form(FlaskForm):
    """A form of ours: cleans text, refuses a field sent twice, keeps what was typed."""

    class Meta(FlaskForm.Meta):
        csrf_class = LazyCsrf

        def bind_field(self, form: Any, unbound_field: "UnboundField[Any]", options: Any) -> Field:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField | NumberField):
                options["filters"] = [*unbound_field.kwargs.pop("filters", ()), _clean]
            if issubclass(kind, IntegerField):
                options["filters"] = [*unbound_field.kwargs.pop("filters", ()), _clamp]
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a form sends; not JSON, whose values may be no text (Flask-WTF takes it too)."""
            return None if request.is_json else super().wrap_formdata(form, formdata)

        def get_translations(self, _form: Any) -> FormTranslations:
            return FormTranslations()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: list[ConflictingTexts] = []
        self.form_errors: list[str] = []

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators=extra_validators)
        for field in self:
            field.errors = list(field.errors)[:1]  # a date that is none is not also out of range
            if field.name != "csrf_token" and self._is_repeated(field):
                field.errors = [
                    *field.errors,
                    _("Ce champ est arrivé plusieurs fois ; renvoyez-le une fois."),
                ]
                valid = False
        return bool(valid)

    def _is_repeated(self, field: Field) -> bool:
        several = getattr(field, "takes_several", False) or field.type == "SelectMultipleField"
        return not several and len(request.form.getlist(field.name)) > 1

    def refuse(self, sentence: str) -> None:
        """Say why the form as a whole was not accepted."""
        self.form_errors = [*self.form_errors, sentence]

    @property
    def refused_because(self) -> str | None:
        return self.form_errors[0] if self.form_errors else None

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by field, without the form's own plumbing."""
        return {name: value for name, value in self.data.items() if name not in INTERNAL_FIELDS}

    def as_stored(self, row: object) -> "Form":
        """The same form, filled from what is stored."""
        return type(self)(formdata=None, obj=row)

    @property
    def faults(self) -> Iterator[Field]:
        """The fields that were refused, in order."""
        return (field for field in self if field.errors)


def enum_coercer(enum: type[Choice]) -> Callable[[object], Choice | None]:
    """Turns what a form sends into a member of an enumeration; nothing chosen is None."""

    def coerce(value: object) -> Choice | None:
        return None if value in (None, "", "None") else enum(str(value))

    return coerce


def choices_of(names: Mapping[Any, object] | Iterable[tuple[Any, object]]) -> list[SelectChoice]:
    """The options of a choice, from values and what they are called."""
    pairs = names.items() if isinstance(names, Mapping) else names
    return [SelectChoice(value=str(value), label=name) for value, name in pairs]


def validate_plausible_date(_form: Form, field: Field) -> None:
    """A day that a programme could have."""
    if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_("Donnez une date entre %(a)s et %(b)s.", a=FIRST_YEAR, b=LAST_YEAR))


def validate_web_link(_form: Form, field: Field) -> None:
    """Empty, or an http(s) address with a host, and a port that there may be."""
    if not field.data:
        return
    try:
        parts = urlsplit(field.data)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or any(char.isspace() for char in field.data):
        raise ValidationError(_("Donnez une adresse complète, qui commence par https://."))


class CreateForm(Form):
    """A form that makes something: sent twice as it is, it makes one."""

    form_key = HiddenField(default=lambda: new_id().hex, validators=[Length(max=KEY_LENGTH)])


class EditForm(Form):
    """A form that changes something: knows which save of it the person read."""

    version = IntegerField(validators=[NumberRange(0, VERSION_MAX)])


def submit(
    form: Form,
    act: Callable[[dict[str, Any]], Result],
    on_success: Callable[[Result], Response],
    again: Callable[[int], Response],
    *,
    stored: object = None,
) -> Response:
    """Act on a valid form and go on; give a refused one back with what was typed.

    `act` gets the form's values (and the version, of an `EditForm`); `done` makes the redirect;
    `again` shows the form with a status: 422 with a sentence beside a field, 409 with both texts
    when somebody else saved first (`stored` is the row as it is now) or when they deleted it, 403
    when it came too late, 429 when it was tried too often.
    """
    wait = rate_limits.find_wait()
    if wait is not None:
        form.refuse(rate_limits.sentence(wait))
        return rate_limits.add_retry_after(again(rate_limits.TOO_OFTEN), wait)
    if has_csrf_failure():
        form.refuse(
            _("La page était ouverte depuis trop longtemps. Vérifiez et envoyez à nouveau.")
        )
        return again(FORBIDDEN)
    if not form.validate_on_submit():
        return again(UNPROCESSABLE)
    try:
        return _act_once(form, act, on_success)
    except (RuleBroken, Conflict, TooLate, StaleDataError, IntegrityError) as refused:
        db.session.rollback()
        return again(_show_refusal(form, refused, stored))


def _act_once(
    form: Form, act: Callable[[dict[str, Any]], Result], on_success: Callable[[Result], Response]
) -> Response:
    """Do it; for a create form, once for its key."""
    sending = _form_submission(form) if isinstance(form, CreateForm) else None
    if sending and not sending.claim():
        return redirect_to_path(sending.find_earlier_location() or request.path)
    response = on_success(act(form.values | _version_of(form)))
    if sending and "Location" in response.headers:
        sending.save_location(response.headers["Location"])
    return response


def _form_submission(form: CreateForm) -> FormSubmission:
    return FormSubmission(current_actor.person_id, form.form_key.data or new_id().hex)


def _version_of(form: Form) -> dict[str, Any]:
    return {"version": form.version.data} if isinstance(form, EditForm) else {}


def _show_refusal(form: Form, refused: Exception, stored: object) -> int:
    """Put the reason where the person looks for it; the status of the answer."""
    if isinstance(refused, RuleBroken):
        if refused.field is not None and refused.field in form:
            field = form[refused.field]
            field.errors = [*field.errors, refused.message]
        else:
            form.refuse(refused.message)
        return UNPROCESSABLE
    if isinstance(refused, TooLate):
        form.refuse(str(refused))
        return CONFLICT if isinstance(refused, AlreadyDeleted) else FORBIDDEN
    if isinstance(refused, Conflict | StaleDataError) and stored is not None:
        show_conflict(form, stored)
    else:  # the database itself: somebody wrote what excludes this a moment earlier
        form.refuse(_("Quelqu’un vient d’enregistrer la même chose. Vérifiez, puis renvoyez."))
    return CONFLICT


def show_conflict(form: Form, stored: object) -> None:
    """Put what is stored beside what was typed, and let the next save be a knowing one."""
    theirs = form.as_stored(stored)
    form.conflict = [
        ConflictingTexts(
            str(typed_field.label.text),
            _displayed_value(typed_field),
            _displayed_value(theirs[typed_field.name]),
        )
        for typed_field in form
        if typed_field.name not in INTERNAL_FIELDS
        and _displayed_value(typed_field) != _displayed_value(theirs[typed_field.name])
    ]
    if isinstance(form, EditForm):
        form.version.process(None, theirs["version"].data)
        form.version.raw_data = None


def _displayed_value(field: Field) -> str:
    """A field's value as its reader would read it."""
    if hasattr(field, "iter_choices"):
        return ", ".join(str(choice[1]) for choice in field.iter_choices() if choice[2])
    if isinstance(field.data, bool):
        return _("oui") if field.data else _("non")
    value = field._value() if hasattr(field, "_value") else field.data
    return str(value or "")
