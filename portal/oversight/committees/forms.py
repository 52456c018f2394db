"""Forms of committees."""

from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.communication.calendar.meeting_forms import duration_field, hour_field, place_field
from portal.oversight.committees.commands import CommitteeFacts
from portal.oversight.committees.models import TEXT_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, validate_plausible_date


class _CommitteeFields(Form):
    held_on = DateField(_l("Date"), [InputRequired(_l("Donnez une date.")), validate_plausible_date])
    hour = hour_field()
    duration = duration_field()
    place = place_field()
    members = TextAreaField(
        _l("Membres"),
        [Length(max=TEXT_MAX)],
        description=_l("Un par ligne : une fonction, un organisme."),
        render_kw={"rows": 4},
    )
    agenda = TextAreaField(
        _l("Ordre du jour"),
        [Length(max=TEXT_MAX)],
        description=_l("Ce qui s’ajoute à ce qui est à décider, déjà repris sur la page."),
        render_kw={"rows": 4},
    )

    def facts(self) -> CommitteeFacts:
        """The values as `plan_committee` takes them."""
        return CommitteeFacts(**self.values)


class PlanCommitteeForm(_CommitteeFields, CreateForm):
    """Plan a committee."""


class ChangeCommitteeForm(_CommitteeFields, EditForm):
    """Change a committee."""


class CloseCommitteeRecordForm(EditForm):
    """Close its record: a button."""
