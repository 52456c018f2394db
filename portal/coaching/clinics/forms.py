"""Forms of clinics."""

from portal.coaching.clinics.models import OUTCOME_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm
from portal.platform.web.form_fields import day_field, text_field


class ClinicPlanForm(EditForm):
    """The clinic's date."""

    planned_on = day_field(_l("Le"))


class ClinicHoldForm(EditForm):
    """The day on which the clinic took place."""

    held_on = day_field(_l("Tenue le"))


class ClinicCloseForm(EditForm):
    """The outcome with which a request is closed."""

    outcome = text_field(
        _l("Ce qui en est sorti"),
        OUTCOME_MAX,
        rows=5,
        required=_l("Dites ce qui en est sorti."),
        hint=_l("Ce qui débloque l’équipe, ou pourquoi il n’y a pas eu de clinique."),
    )
