"""Forms of clinics."""

from wtforms import DateField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.coaching.clinics.models import OUTCOME_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm, validate_plausible_date

_DATE_REQUIRED = InputRequired(_l("Donnez une date."))


class ClinicPlanForm(EditForm):
    """The clinic's date."""

    planned_on = DateField(_l("Le"), [_DATE_REQUIRED, validate_plausible_date])


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
