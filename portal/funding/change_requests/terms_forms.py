"""The form of what a programme sets for its funding."""

from wtforms import RadioField

from portal.funding.agreements.models import NAME_MAX, TEXT_MAX
from portal.funding.agreements.terms_queries import RECOVERY_DAYS_MAX
from portal.funding.change_requests import labels
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.rules import ChangeMode, list_allowed_modes
from portal.funding.change_requests.terms_commands import FundingTermsFacts
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import EditForm, enum_coercer
from portal.platform.web.form_fields import integer_field, line_field, radio_field, text_field


def _mode_field(kind: FundingChangeKind) -> RadioField:
    modes = {mode: label for mode, label in labels.MODES.items() if mode in list_allowed_modes(kind)}
    return radio_field(labels.KINDS[kind], modes, enum_coercer(ChangeMode))


class FundingTermsForm(EditForm):
    """What a programme sets."""

    delay = _mode_field(FundingChangeKind.DELAY)
    scope = _mode_field(FundingChangeKind.SCOPE)
    budget = _mode_field(FundingChangeKind.BUDGET)
    abandonment = _mode_field(FundingChangeKind.ABANDONMENT)
    recovery_days = integer_field(
        _l("Jours laissés à l’équipe avant de noter un reversement"),
        0,
        RECOVERY_DAYS_MAX,
        required=_l("Donnez un nombre de jours."),
    )
    signatory_name = line_field(_l("Signataire des lettres"), NAME_MAX)
    signatory_function = line_field(_l("Sa fonction"), NAME_MAX)
    appeal_terms = text_field(_l("Voies et délais de recours"), TEXT_MAX, rows=3)

    def facts(self) -> FundingTermsFacts:
        """The values as commands take them."""
        values = self.values
        return FundingTermsFacts(
            recovery_days=values["recovery_days"],
            modes={kind: values[kind.value] for kind in FundingChangeKind},
            signatory_name=values["signatory_name"],
            signatory_function=values["signatory_function"],
            appeal_terms=values["appeal_terms"],
        )
