"""The form that saves a view of a portfolio."""

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from portal.oversight.portfolio.models import NAME_MAX, QUERY_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm


class SavePortfolioViewForm(CreateForm):
    """`query` is the query string of the portfolio page that the reader came from."""

    name = StringField(
        _l("Nom de la vue"),
        [DataRequired(_l("Donnez-lui un nom.")), Length(max=NAME_MAX)],
        description=_l("Les filtres et l’ordre de la page d’où vous venez sont gardés."),
    )
    shared = BooleanField(_l("La partager avec la direction du programme"))
    query = HiddenField(validators=[Length(max=QUERY_MAX)])
