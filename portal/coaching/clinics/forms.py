"""Forms of clinics."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import DateField, IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.coaching.clinics.commands import ClinicMeeting
from portal.coaching.clinics.models import OUTCOME_MAX, Clinic
from portal.communication.calendar.meeting_forms import duration_field, hour_field, place_field
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    VERSION_MAX,
    EditForm,
    Form,
    choices_of,
    validate_plausible_date,
)

_DATE_REQUIRED = InputRequired(_l("Donnez une date."))


class ClinicPlanForm(EditForm):
    """The clinic's date, hour, length and place."""

    planned_on = DateField(_l("Le"), [_DATE_REQUIRED, validate_plausible_date])
    hour = hour_field()
    duration = duration_field()
    place = place_field()

    def meeting(self) -> ClinicMeeting:
        """The values as `schedule_clinic` takes them."""
        values = self.values
        return ClinicMeeting(
            planned_on=values["planned_on"],
            hour=values["hour"],
            duration=values["duration"],
            place=values["place"],
        )


class ClinicHoldForm(EditForm):
    """The day on which the clinic took place."""

    held_on = DateField(_l("Tenue le"), [_DATE_REQUIRED, validate_plausible_date])


class ClinicCloseForm(EditForm):
    """The outcome with which a request is closed."""

    outcome = TextAreaField(
        _l("Ce qui en est sorti"),
        [DataRequired(_l("Dites ce qui en est sorti.")), Length(max=OUTCOME_MAX)],
        description=_l("Ce qui débloque l’équipe, ou pourquoi il n’y a pas eu de clinique."),
        render_kw={"rows": 5},
    )


class ClinicActionForm(Form):
    """A button without fields."""


class ClinicTakeForm(ClinicActionForm):
    """Take the request as it was shown; `version` is that of the claim, 0 for none."""

    version = IntegerField(validators=[Optional(), NumberRange(0, VERSION_MAX)])

    def show_version(self, clinic: Clinic | None) -> None:
        """Have the next submission replace this claim, or none."""
        self.version.process(None, clinic.version if clinic else 0)
        self.version.raw_data = None


class ClinicAssignForm(ClinicTakeForm):
    """Give the request to a person."""

    person = SelectField(_l("Qui s’en occupe"), [InputRequired(_l("Choisissez une personne."))])

    def __init__(self, people: Sequence[tuple[UUID, str]] = (), **usual: Any) -> None:
        super().__init__(**usual)
        self.person.choices = choices_of(people)
