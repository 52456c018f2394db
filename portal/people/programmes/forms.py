"""Forms of programmes, tracks and invitations."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from portal.people.accounts.forms import address_field
from portal.people.programmes.commands import ProgrammePlan
from portal.people.programmes.models import (
    ABOUT_MAX,
    MONTHS_MAX,
    NAME_MAX,
    RETENTION,
    RETENTION_MAX,
    TRACKS_MAX,
)
from portal.people.programmes.policy import ROLE_LABELS
from portal.people.programmes.template_commands import ProgrammeTemplate
from portal.people.programmes.track_commands import TrackNames
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import slugify
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import WarningSeenField, day_field, line_field


class _PlanFields(Form):
    name_fr = line_field(_l("Nom en français"), NAME_MAX, required=_l("Donnez un nom."))
    name_en = line_field(_l("Nom en anglais"), NAME_MAX)
    about_fr = TextAreaField(_l("Présentation en français"), [Length(max=ABOUT_MAX)])
    about_en = TextAreaField(_l("Présentation en anglais"), [Length(max=ABOUT_MAX)])
    starts_on = day_field(_l("Premier jour du mois 1"))
    months = IntegerField(
        _l("Durée, en mois"), [InputRequired(_l("Donnez une durée.")), NumberRange(1, MONTHS_MAX)], default=10
    )
    test_retention = IntegerField(
        _l("Conservation des séances de test, en mois"),
        [InputRequired(_l("Donnez une durée.")), NumberRange(1, RETENTION_MAX)],
        default=RETENTION,
    )

    def plan(self) -> ProgrammePlan:
        return ProgrammePlan(**{name: self.data[name] for name in ProgrammePlan.__dataclass_fields__})


def find_track_fault(names: Sequence[str]) -> str:
    """Return why a new programme cannot have tracks of these names, "" for nothing."""
    if not names:
        return _("Donnez au moins un volet.")
    if len(names) > TRACKS_MAX:
        return _("Donnez au plus %(n)s volets.", n=TRACKS_MAX)
    if any(len(name) > NAME_MAX for name in names):
        return _("Le nom d’un volet a %(n)s caractères au plus. Écrivez-en un par ligne.", n=NAME_MAX)
    keys = [slugify(name) for name in names]
    if not all(keys) or len(set(keys)) < len(keys):
        return _("Deux volets ne peuvent pas porter le même nom.")
    return ""


class NewProgrammeForm(_PlanFields, CreateForm):
    """A new programme and its tracks, a French name per line; an English one may follow « ; »."""

    template = SelectField(_l("Modèle de programme"))
    tracks = TextAreaField(
        _l("Volets"), [DataRequired(_l("Donnez au moins un volet.")), Length(max=ABOUT_MAX)]
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        templates = list_contributions(ProgrammeTemplate)
        self.template.choices = build_choices_from_pairs((each.key, each.name) for each in templates)
        if self.template.data is None and templates:
            self.template.data = templates[0].key

    def validate_tracks(self, _field: TextAreaField) -> None:
        if fault := find_track_fault([french for french, _english in self.track_names()]):
            raise ValidationError(fault)

    def track_names(self) -> list[tuple[str, str]]:
        """Return a (French, English) pair for each line; the English name is left to be suggested."""
        return [(line.strip(), "") for line in (self.tracks.data or "").splitlines() if line.strip()]


class EditProgrammeForm(_PlanFields, EditForm):
    """Edit a programme; `knowingly` confirms what would lie after its end."""

    knowingly = WarningSeenField(_l("J’ai vu ce qui resterait après la fin"))


class _TrackFields(Form):
    name_fr = line_field(_l("Nom en français"), NAME_MAX, required=_l("Donnez un nom."))
    name_en = StringField(_l("Nom en anglais"), [Length(max=NAME_MAX)])

    def names(self) -> TrackNames:
        return TrackNames(name_fr=self.name_fr.data or "", name_en=self.name_en.data or "")


class NewTrackForm(_TrackFields, CreateForm):
    """Add a track."""


class EditTrackForm(_TrackFields, EditForm):
    """Edit a track's names, and its place among the programme's `count` tracks, from 1."""

    place = SelectField(_l("Place"), coerce=int)

    def __init__(self, count: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.track_count = count
        self.place.choices = build_choices_from_pairs((n, n) for n in range(1, count + 1))

    def make_form_from_stored(self, row: object) -> Form:
        return type(self)(self.track_count, formdata=None, obj=row)


class InviteForm(CreateForm):
    """Invite a person; `roles` are those that the actor may offer in the scope."""

    email = address_field()
    role = SelectField(_l("Rôle"), coerce=Role)

    def __init__(self, roles: Sequence[Role] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = build_choices_from_pairs((role, ROLE_LABELS[role]) for role in roles)


class AcceptInvitationForm(CreateForm):
    """Accept an invitation with the signed-in account."""

    knowingly = BooleanField(_l("Cette invitation m’est destinée, et je veux ce rôle sur ce compte"))


class ProgrammeActionForm(CreateForm):
    """A form with a button only; its URL says what it does."""
