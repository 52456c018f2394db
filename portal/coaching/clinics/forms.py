"""Forms of clinics."""

from portal.coaching.clinics.models import OUTCOME_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm
from portal.platform.web.form_fields import required_date, required_text


class ClinicPlanForm(EditForm):
    """The clinic's date."""

    planned_on = required_date(_l("Le"))


class ClinicHoldForm(EditForm):
    """The day on which the clinic took place."""

    held_on = required_date(_l("Tenue le"))


class ClinicCloseForm(EditForm):
    """The outcome with which a request is closed."""

    outcome = required_text(
        _l("Ce qui en est sorti"),
        _l("Dites ce qui en est sorti."),
        OUTCOME_MAX,
        _l("Ce qui débloque l’équipe, ou pourquoi il n’y a pas eu de clinique."),
        rows=5,
    )
