"""The form of an export of open issues."""

from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Length

from portal.oversight.committee_packs.forms import KINDS
from portal.oversight.portfolio.models import QUERY_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import Form, choices_of


class ExportForm(Form):
    """`query` is the query string of the list that the reader came from."""

    kind = RadioField(
        _l("Sous quelle forme"),
        [InputRequired(_l("Choisissez une forme."))],
        choices=choices_of(KINDS),
    )
    query = HiddenField(validators=[Length(max=QUERY_MAX)])
