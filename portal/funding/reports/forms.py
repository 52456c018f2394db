"""Forms of the report to funders."""

from wtforms import DateField, SelectField
from wtforms.validators import Optional

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, Form, build_choices_from_pairs, validate_plausible_date

LANGUAGES = {"fr": _l("Français"), "en": _l("Anglais")}


class ReportFileForm(Form):
    """As of which day, and in which language."""

    on = DateField(_l("Au"), [Optional(), validate_plausible_date])
    language = SelectField(_l("Langue"), choices=build_choices_from_pairs(LANGUAGES), default="fr")


class ReportForm(ReportFileForm, CreateForm):
    """The same for the PDF, which is prepared once for each press of the button."""
