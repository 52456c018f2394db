"""The forms that request a pack, and an export of the portfolio."""

from wtforms import DateField, HiddenField, RadioField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.oversight.committee_packs.exports import DATASET_LABELS
from portal.oversight.portfolio.models import QUERY_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, Form, build_choices_from_pairs, validate_plausible_date
from portal.user_tests.rounds.labels import LANGUAGES


class PackForm(CreateForm):
    on = DateField(
        _l("État au"),
        [DataRequired(_l("Donnez un jour.")), validate_plausible_date],
        description=_l("Aujourd’hui, ou n’importe quel jour passé : le dossier dit ce qui était vrai alors."),
    )
    language = RadioField(
        _l("Langue"),
        [InputRequired(_l("Choisissez une langue."))],
        choices=build_choices_from_pairs(LANGUAGES),
    )


KINDS = {"xlsx": _l("Tableur (XLSX)"), "csv": _l("Texte (CSV)"), "json": _l("Données (JSON)")}


def _kind_field() -> RadioField:
    return RadioField(
        _l("Sous quelle forme"),
        [InputRequired(_l("Choisissez une forme."))],
        choices=build_choices_from_pairs(KINDS),
    )


class ExportForm(Form):
    """`query` is the query string of the list that the reader came from."""

    kind = _kind_field()
    query = HiddenField(validators=[Length(max=QUERY_MAX)])


class PortfolioExportForm(ExportForm):
    """An export of the portfolio: what, of which day."""

    what = RadioField(
        _l("Quoi"), [InputRequired(_l("Choisissez quoi."))], choices=build_choices_from_pairs(DATASET_LABELS)
    )
    kind = _kind_field()  # after `what`
    on = DateField(
        _l("État au"),
        [DataRequired(_l("Donnez un jour.")), validate_plausible_date],
        description=_l("Aujourd’hui, ou n’importe quel jour passé."),
    )
