"""Forms of clinics."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from wtforms import HiddenField, IntegerField, SelectField, SubmitField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.coaching.clinics.commands import ClinicMeeting
from portal.coaching.clinics.models import OUTCOME_MAX, Clinic
from portal.coaching.clinics.usual_meeting_queries import UsualMeeting
from portal.communication.calendar.meeting_forms import duration_field, hour_field, place_field
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import VERSION_MAX, CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import build_dataclass_from_fields, day_field, text_field
from portal.platform.web.writes import ButtonForm
from portal.sprints.sprints.labels import BLOCKER_CHOICES
from portal.sprints.sprints.models import TEXT_MAX, BlockerKind

_NUMBER_DIGITS = 4  # of a sprint


class HelpRequestFields(Form):
    """What blocks a team, and what it needs."""

    blocker_text = text_field(
        _l("Ce qui vous bloque, ou ce qu’il vous faut"),
        TEXT_MAX,
        rows=3,
        required=_l("Écrivez ce qu’il vous faut."),
        hint=_l("Une ou deux phrases suffisent : un coach vous rappelle ou fixe une date."),
    )
    blocker = SelectField(
        _l("Nature du blocage"),
        choices=build_choices_from_pairs(BLOCKER_CHOICES),
        coerce=BlockerKind,
        default=BlockerKind.NONE,
    )


class HelpRequestForm(HelpRequestFields, EditForm):
    """The same for a sprint, whose version and number it has; or that the request is withdrawn."""

    sprint_number = HiddenField(validators=[Length(max=_NUMBER_DIGITS)])
    withdraw = SubmitField(_l("Retirer la demande"))

    def __init__(self, **usual: Any) -> None:
        super().__init__(**usual)
        if self.withdraw.data:
            self.blocker_text.validators = ()  # a request that is withdrawn needs no words

    def refresh_sprint(self, number: int) -> int | None:
        """Have the next submission be about this sprint; return the number of the one that was shown."""
        shown = str(self.sprint_number.data or "")
        self.sprint_number.data = str(number)
        return int(shown) if shown.isdecimal() and len(shown) <= _NUMBER_DIGITS else None


class HelpQuestionForm(HelpRequestFields, CreateForm):
    """The same as a question, before there is a sprint to ask for, or beside a request that somebody has."""


class ClinicPlanForm(EditForm):
    """The clinic's date, hour, length and place."""

    planned_on = day_field(_l("Le"))
    hour = hour_field()
    duration = duration_field()
    place = place_field()

    def propose(self, usual: UsualMeeting) -> None:
        """Fill in length and place as usual."""
        self.duration.data, self.place.data = usual.duration, usual.place

    def meeting(self, is_first: bool) -> ClinicMeeting:
        """The values as `schedule_clinic` takes them; a first date without an hour drops the length, which
        was proposed."""
        meeting = build_dataclass_from_fields(self, ClinicMeeting)
        return replace(meeting, duration=None) if is_first and not meeting.hour else meeting


class RecordHeldClinicForm(EditForm):
    """The day on which the clinic took place, and its outcome, which closes the request."""

    held_on = day_field(_l("Tenue le"))
    outcome = text_field(
        _l("Ce qui en est sorti"),
        OUTCOME_MAX,
        rows=5,
        hint=_l("L’écrire clôt la demande ; sans cela elle attend que vous le disiez."),
    )


class CloseHelpRequestForm(EditForm):
    """The outcome with which a request is closed."""

    outcome = text_field(
        _l("Ce qui en est sorti"),
        OUTCOME_MAX,
        rows=5,
        required=_l("Dites ce qui en est sorti."),
        hint=_l("Ce qui débloque l’équipe, ou pourquoi il n’y a pas eu de clinique."),
    )


class TakeHelpRequestForm(ButtonForm):
    """Take the request as it was shown; `version` is that of the claim, 0 for none."""

    version = IntegerField(validators=[Optional(), NumberRange(0, VERSION_MAX)])

    def refresh_version(self, clinic: Clinic | None) -> None:
        """Have the next submission replace this claim, or none."""
        self.version.process(None, clinic.version if clinic else 0)
        self.version.raw_data = None


class AssignHelpRequestForm(TakeHelpRequestForm):
    """Give the request to a person."""

    person = SelectField(_l("Qui s’en occupe"), [InputRequired(_l("Choisissez une personne."))])

    def __init__(self, people: Sequence[tuple[UUID, str]] = (), **usual: Any) -> None:
        super().__init__(**usual)
        self.person.choices = build_choices_from_pairs([("", _l("Choisir")), *people])
