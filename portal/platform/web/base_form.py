"""Base classes of forms, and `submit`: validate, run the command once, show refusals."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, request
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, IntegerField, PasswordField, SelectMultipleField, StringField
from wtforms.fields import choices
from wtforms.fields.core import UnboundField
from wtforms.validators import Length, NumberRange, ValidationError

from portal.platform.kernel.clock import find_implausible_date_problem
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, Overtaken, RuleBroken, TooLate
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import clean_text
from portal.platform.kernel.text import gettext as _
from portal.platform.web import rate_limits
from portal.platform.web.actor import current_actor
from portal.platform.web.conflicts import ConflictingTexts, list_conflicting_texts
from portal.platform.web.csrf import LazyCsrf
from portal.platform.web.field_widgets import is_plain_select, render_select
from portal.platform.web.form_messages import FormTranslations
from portal.platform.web.form_submission import KEY_LENGTH, IdempotentSubmission, find_reason_to_show_again
from portal.platform.web.rendering import redirect_to_path
from portal.platform.web.template_filters import format_for_input

Result = TypeVar("Result")
Choice = TypeVar("Choice", bound=StrEnum)
VERSION_MAX = 2**31 - 1
CONFLICT = 409
UNPROCESSABLE = 422
INTEGER_MAX = 10**18  # beyond every field's range, within 64 bits
FORBIDDEN = 403
INTERNAL_FIELDS = frozenset({"csrf_token", "form_key", "version"})


def _clean_or_empty(value: str | None) -> str:
    """The cleaned text; "" for a missing field."""
    return clean_text(value or "")


def _clamp_integer(value: int | None) -> int | None:
    """An integer limited to what `NumberRange` and the database can compare."""
    return None if value is None else max(-INTEGER_MAX, min(INTEGER_MAX, value))


class NumberField(StringField):
    """A number with a decimal comma or point: « 0,61 » or 0.61. Its data is a float or None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        text = clean_text(valuelist[0]) if valuelist else ""
        text = text.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
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


class Form(FlaskForm):
    """Base form: cleans text and choices, refuses repeated fields, keeps the input."""

    class Meta(FlaskForm.Meta):
        csrf_class = LazyCsrf

        def bind_field(self, form: Any, unbound_field: "UnboundField[Any]", options: Any) -> Field:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField | NumberField):
                options["filters"] = [*unbound_field.kwargs.pop("filters", ()), _clean_or_empty]
            if issubclass(kind, IntegerField):
                options["filters"] = [*unbound_field.kwargs.pop("filters", ()), _clamp_integer]
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Form data only: Flask-WTF would also accept JSON, whose values may not be strings."""
            if request.is_json:
                return None
            wrapped = super().wrap_formdata(form, formdata)
            return _without_blank_choices(form, wrapped) if wrapped else wrapped

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            """WTForms' method, which asks each option of a select anew how to write it."""
            if is_plain_select(field):
                return render_select(field, (field.render_kw or {}) | render_kw)
            return super().render_field(field, render_kw)

        def get_translations(self, _form: Any) -> FormTranslations:
            return FormTranslations()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: list[ConflictingTexts] = []
        self.form_errors: list[str] = []

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators=extra_validators)
        for field in self:
            field.errors = list(field.errors)[:1]  # an invalid date is not also out of range
            if field.name != "csrf_token" and self._is_repeated(field):
                field.errors = [
                    *field.errors,
                    _("Ce champ est arrivé plusieurs fois ; renvoyez-le une fois."),
                ]
                valid = False
        return bool(valid)

    def _is_repeated(self, field: Field) -> bool:
        takes_several = getattr(field, "takes_several", False) or isinstance(field, SelectMultipleField)
        return not takes_several and len(request.form.getlist(field.name)) > 1

    def refuse(self, sentence: str, kind: str = "error", way_on: str = "") -> None:
        """Add an error of the form as a whole; "warning" where nothing of it is wrong. `way_on` is a path."""
        self.form_errors, self.alert_kind, self.way_on = [*self.form_errors, sentence], kind, way_on

    @property
    def refused_because(self) -> str | None:
        return self.form_errors[0] if self.form_errors else None

    @property
    def values(self) -> dict[str, Any]:
        """The data by field name, without CSRF token, form key and version."""
        return {name: value for name, value in self.data.items() if name not in INTERNAL_FIELDS}

    def make_form_from_stored(self, row: object) -> "Form":
        """The same form, filled from the stored row."""
        return type(self)(formdata=None, obj=row)

    @property
    def faults(self) -> Iterator[Field]:
        """The fields with errors, in order."""
        return (field for field in self if field.errors)


def _without_blank_choices(form: Any, formdata: Any) -> Any:
    """The same data, with white space sent to a select or radio field as no choice.

    `Optional` of WTForms treats white space as missing, but lets it through to the command."""
    names = {field.name for field in form if isinstance(field, choices.SelectFieldBase)}
    values = list(formdata.items(multi=True))
    blank = [name for name, value in values if name in names and value and not value.strip()]
    if not blank:
        return formdata
    return MultiDict((name, "" if name in names and not value.strip() else value) for name, value in values)


def enum_coercer(enum: type[Choice]) -> Callable[[object], Choice | None]:
    """A `coerce` function from form values to members of `enum`; None for no choice."""

    def coerce(value: object) -> Choice | None:
        return None if value in (None, "", "None") else enum(str(value))

    return coerce


def build_choices_from_pairs(names: Mapping[Any, object] | Iterable[tuple[Any, object]]) -> list[Any]:
    """The choices of a select field, from (value, label) pairs."""
    pairs = names.items() if isinstance(names, Mapping) else names
    return [
        choices.SelectChoice(value=str(value), label=name)  # type: ignore[attr-defined]  # new
        for value, name in pairs
    ]


def validate_plausible_date(_form: Form, field: Field) -> None:
    """Validate that a date, where there is one, is plausible."""
    if field.data is not None and (problem := find_implausible_date_problem(field.data)):
        raise ValidationError(problem)


def is_web_link(text: str) -> bool:
    """Whether a text is empty or an http(s) URL with a host and a valid port."""
    if not text:
        return True
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_valid and not any(char.isspace() for char in text)


def validate_web_link(_form: Form, field: Field) -> None:
    """Validate that a field is empty or an http(s) URL with a host and a valid port."""
    if not is_web_link(field.data or ""):
        raise ValidationError(_("Donnez une adresse complète, qui commence par https://."))


class CreateForm(Form):
    """A form that creates something, with an idempotency key: sent twice, it creates one row."""

    form_key = HiddenField(default=lambda: new_id().hex, validators=[Length(max=KEY_LENGTH)])


class EditForm(Form):
    """A form that changes a row, with the version that the person read (optimistic locking)."""

    version = IntegerField(validators=[NumberRange(0, VERSION_MAX)])


def submit(
    form: Form,
    command: Callable[[dict[str, Any]], Result],
    on_success: Callable[[Result], Response],
    page: Callable[[int], Response],
    *,
    stored: object = None,
) -> Response:
    """Run the command of a valid form; render a refused form again with its input.

    `command` gets the form's values (of an `EditForm` with `version`), `on_success` its result.
    `page` renders the form with a status: 422 with a sentence beside a field, 409 with both texts
    when somebody else saved first (`stored` is the current row), or with a sentence when their act came
    first or they deleted the row, 403 for a wrong CSRF token or state or a resumed form, 429 for too many.
    Raises the refusal itself where that page needs a row that is gone.
    """
    wait = rate_limits.find_seconds_to_wait()
    if wait is not None:
        form.refuse(rate_limits.rate_limit_sentence(wait))
        return rate_limits.add_retry_after(page(rate_limits.TOO_OFTEN), wait)
    if problem := find_reason_to_show_again():
        form.refuse(problem, "warning")
        return page(FORBIDDEN)
    if not form.validate_on_submit():
        return page(UNPROCESSABLE)
    try:
        return _run_command_once(form, command, on_success)
    except (RuleBroken, Conflict, TooLate, StaleDataError, IntegrityError) as refused:
        db.session.rollback()
        try:
            return page(_add_refusal_to_form(form, refused, stored))
        except (ObjectDeletedError, NotFound):
            raise refused from None


def _run_command_once(
    form: Form, command: Callable[[dict[str, Any]], Result], on_success: Callable[[Result], Response]
) -> Response:
    """Run the command; for a create form, once per idempotency key."""
    submission = _build_submitted_form(form) if isinstance(form, CreateForm) else None
    if submission and not submission.claim():
        return redirect_to_path(submission.find_earlier_location() or request.path)
    version = {"version": form.version.data} if isinstance(form, EditForm) else {}
    response = on_success(command(form.values | version))
    if submission and "Location" in response.headers:
        submission.save_location(response.headers["Location"])
    return response


def _build_submitted_form(form: CreateForm) -> IdempotentSubmission:
    return IdempotentSubmission(current_actor.person_id, form.form_key.data or new_id().hex)


def _add_refusal_to_form(form: Form, refused: Exception, stored: object) -> int:
    """Add the refusal to the form or its field; returns the status of the response."""
    if isinstance(refused, RuleBroken):
        for name, sentence in refused.faults:
            if name is not None and name in form:
                form[name].errors = [*form[name].errors, sentence]
            else:
                form.refuse(sentence)
        return UNPROCESSABLE
    if isinstance(refused, TooLate):
        form.refuse(str(refused), way_on=refused.page)
        return CONFLICT if isinstance(refused, Overtaken) else FORBIDDEN
    if isinstance(refused, Conflict | StaleDataError) and stored is not None:
        add_conflict_to_form(form, stored)
        if not form.conflict:  # a button, or the same texts
            form.refuse(_("Quelqu’un a enregistré un changement entre-temps. Vérifiez, puis recommencez."))
    else:  # a constraint: somebody else wrote a conflicting row meanwhile
        form.refuse(_("Quelqu’un vient d’enregistrer la même chose. Vérifiez, puis renvoyez."))
    return CONFLICT


def add_conflict_to_form(form: Form, stored: object) -> None:
    """Show stored beside typed texts, and take the stored version, so that the next save wins."""
    stored_form = form.make_form_from_stored(stored)
    form.conflict = list_conflicting_texts(form, stored_form, INTERNAL_FIELDS)
    if isinstance(form, EditForm):
        form.version.process(None, stored_form["version"].data)
        form.version.raw_data = None
