"""Forms of the life of instalments."""

from collections.abc import Sequence
from uuid import UUID

from wtforms import SelectField

from portal.funding.agreements.forms import amount_field
from portal.funding.agreements.models import REASON_MAX, REFERENCE_MAX
from portal.funding.instalments.payment_commands import Payment
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, build_choices_from_pairs
from portal.platform.web.form_fields import CHOICE_REQUIRED, day_field, line_field, text_field


class RequestInstalmentForm(EditForm):
    """Ask for an instalment: nothing to type."""


class ReturnInstalmentForm(EditForm):
    """Return an instalment."""

    reason = text_field(_l("Ce qui manque"), REASON_MAX, rows=4, required=_l("Dites ce qui manque."))


class InstalmentReasonForm(EditForm):
    """Refuse an instalment, or say why something failed."""

    reason = text_field(_l("Pourquoi"), REASON_MAX, rows=4, required=_l("Dites pourquoi."))


class _StaleReasonFields(EditForm):
    reason = text_field(
        _l("Pourquoi continuer"),
        REASON_MAX,
        rows=3,
        hint=_l("Obligatoire si un jalon est périmé depuis la demande."),
    )

    def drop_reason_unless_stale(self, *, is_stale: bool) -> None:
        """Leave the reason out where every condition still holds."""
        if not is_stale and not self.reason.data:
            del self.reason


class CheckInstalmentForm(_StaleReasonFields):
    """Check an instalment."""


class PaymentForm(_StaleReasonFields):
    """Note a payment."""

    paid_on = day_field(_l("Versée le"))
    reference = line_field(
        _l("Référence du versement"), REFERENCE_MAX, required=_l("Donnez la référence du versement.")
    )

    def payment(self) -> Payment:
        """The values as commands take them."""
        return Payment(**self.values)


class BookRecoveryForm(EditForm):
    """Note that a recovery came back."""

    paid_on = day_field(_l("Reversé le"))
    reference = line_field(_l("Référence"), REFERENCE_MAX, required=_l("Donnez la référence du reversement."))


class ChooseDocumentForm(EditForm):
    """Choose the file that is a document."""

    file = SelectField(
        _l("Fichier joint à la tranche"),
        [CHOICE_REQUIRED],
        coerce=lambda value: UUID(value) if value else None,
    )

    def __init__(self, files: Sequence[tuple[UUID, str]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.files = files
        self.file.choices = build_choices_from_pairs((str(id_), name) for id_, name in files)

    def make_form_from_stored(self, row: object) -> "ChooseDocumentForm":
        """The same form, filled from the stored row."""
        return type(self)(self.files, formdata=None, obj=row)


class ExpenseStatementForm(EditForm):
    """Prepare the statement of expenses."""

    statement_cents = amount_field(_l("Dépenses, en euros"))


class AnnounceRecoveryForm(CreateForm):
    """Announce a recovery."""

    amount_cents = amount_field(_l("Montant à reverser, en euros"))
    reason = text_field(_l("Pourquoi"), REASON_MAX, rows=4, required=_l("Dites pourquoi : l’équipe le lira."))


class RecoveryObservationsForm(EditForm):
    """The team's observations on a recovery."""

    observations = text_field(
        _l("Vos observations"), REASON_MAX, rows=5, required=_l("Écrivez vos observations.")
    )
