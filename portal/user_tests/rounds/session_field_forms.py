"""Forms of the parts of a session, and of starting one."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from portal.platform.kernel.text import clean_text
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    Form,
    NumberField,
    build_choices_from_pairs,
    enum_coercer,
)
from portal.platform.web.form_fields import day_field, integer_field
from portal.project.framing.identifier_rules import find_identifiers
from portal.project.framing.models import TargetGroup
from portal.user_tests.rounds.duration_rules import parse_seconds
from portal.user_tests.rounds.models import TEXT_MAX
from portal.user_tests.rounds.session_labels import OUTCOMES
from portal.user_tests.rounds.session_models import EASE_MAX, EASE_MIN, ERRORS_MAX, SECONDS_MAX, TaskOutcome

NO_GROUP = 0


class SessionBeginForm(CreateForm):
    """Start a session: the target group of the participant."""

    group = SelectField(_l("Public"), coerce=int)
    is_rehearsal = BooleanField(
        _l("C’est une répétition avec quelqu’un de l’équipe"),
        description=_l("Elle ne compte dans aucun chiffre."),
    )

    def __init__(self, groups: Sequence[TargetGroup], *args: Any, **defaults: Any) -> None:
        super().__init__(*args, **defaults)
        self.groups = {group.number: group for group in groups}
        choices: list[tuple[int, object]] = [(n, group.name) for n, group in self.groups.items()]
        self.group.choices = build_choices_from_pairs([*choices, (NO_GROUP, _l("Aucun des publics visés"))])

    def selected_group(self) -> TargetGroup | None:
        return self.groups.get(self.group.data)


class SessionEndForm(CreateForm):
    """End a session; `confirmed` once the tasks without a result were told."""

    confirmed = HiddenField()


class SessionConsentForm(CreateForm):
    """The day of consent."""

    consent_on = day_field(_l("Accord donné le"))


class SecondsField(NumberField):
    """A duration: « 83 », « 1:23 », « 1 min 23 s ». Its data are seconds."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = clean_text(valuelist[0]) if valuelist else ""
        self.data = parse_seconds(typed) if typed else None
        if typed and self.data is None:
            raise ValueError(_("Écrivez des secondes, par exemple 83, ou 1:23."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class SessionPartForm(Form):
    """A part of the session form. `sure`: what looks like contact data in the notes is none."""

    sure = BooleanField(_l("Ce n’est pas une coordonnée : garder ce texte"))

    def __init__(self, prefix: str, formdata: Any, **kwargs: Any) -> None:
        super().__init__(formdata=formdata, prefix=prefix, meta={"csrf": False}, **kwargs)

    @property
    def needs_confirmation(self) -> bool:
        """Whether the notes were refused because they look like contact data."""
        notes = self._fields.get("notes")
        return notes is not None and bool(notes.errors) and bool(find_identifiers(notes.data or ""))


def require_no_contacts(form: SessionPartForm, notes: Any) -> None:
    """Refuse notes that look like contact data, unless `sure` is checked."""
    identifiers = find_identifiers(notes.data or "")
    if identifiers and not form.sure.data:
        raise ValidationError(
            _(
                "On dirait une adresse ou un numéro : « %(what)s ». Retirez-le : rien ne doit"
                " permettre de retrouver la personne.",
                what=identifiers[0],
            )
        )


def _make_notes_field(label: Any) -> TextAreaField:
    return TextAreaField(label, [Length(max=TEXT_MAX), require_no_contacts])


class WholeSessionPartForm(SessionPartForm):
    """Fields of the whole session."""

    target_group_id = SelectField(_l("Public"), coerce=int)
    notes = _make_notes_field(_l("Notes sur la séance"))


def _parse_chosen_number(text: Any) -> int | None:
    return None if text in (None, "", "None") else int(str(text))


class TaskPartForm(SessionPartForm):
    """Result of a task."""

    outcome = RadioField(
        _l("Résultat"),
        [Optional()],
        coerce=enum_coercer(TaskOutcome),
        choices=build_choices_from_pairs(OUTCOMES),
    )
    seconds = SecondsField(_l("Durée en secondes"), [Optional(), NumberRange(1, SECONDS_MAX)])
    ease = RadioField(
        _l("Facilité"),
        [Optional()],
        coerce=_parse_chosen_number,
        choices=build_choices_from_pairs([(n, str(n)) for n in range(EASE_MIN, EASE_MAX + 1)]),
    )
    slips = integer_field(_l("Erreurs"), 0, ERRORS_MAX)
    notes = _make_notes_field(_l("Notes"))


class AnswerPartForm(SessionPartForm):
    """Answer to an item."""

    value = RadioField(_l("Réponse"), [Optional()], coerce=_parse_chosen_number)
