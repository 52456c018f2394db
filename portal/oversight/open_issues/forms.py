"""Which file of it is asked for."""

from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Length

from portal.oversight.committee_packs.forms import KINDS
from portal.oversight.portfolio.models import QUERY_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import Form, choices_of


class ExportForm(Form):
    """`query` is the query string of the page from which one came."""

    kind = RadioField(
        _l("Sous quelle forme"),
        [InputRequired(_l("Choisissez une forme."))],
        choices=choices_of(KINDS),
    )
    query = HiddenField(validators=[Length(max=QUERY_MAX)])
