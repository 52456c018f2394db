"""What a coach types about a clinic."""

from wtforms import DateField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.coaching.clinics.models import OUTCOME_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm, Form, validate_plausible_date

_DATE_REQUIRED = InputRequired(_l("Donnez une date."))


class ClinicPlanForm(EditForm):
    """When it will be."""

    planned_on = DateField(_l("Le"), [_DATE_REQUIRED, validate_plausible_date])


class ClinicHoldForm(EditForm):
    """When it was."""

    held_on = DateField(_l("Tenue le"), [_DATE_REQUIRED, validate_plausible_date])


class ClinicCloseForm(EditForm):
    """What came of it."""

    outcome = TextAreaField(
        _l("Ce qui en est sorti"),
        [DataRequired(_l("Dites ce qui en est sorti.")), Length(max=OUTCOME_MAX)],
        description=_l("Ce qui débloque l’équipe, ou pourquoi il n’y a pas eu de clinique."),
        render_kw={"rows": 5},
    )


class ClinicActionForm(Form):
    """One click."""
