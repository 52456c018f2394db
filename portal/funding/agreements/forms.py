"""Forms of agreements."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import HiddenInput

from portal.collaboration.files.forms import UploadingForm
from portal.funding.agreements.amendment_commands import AmendmentFacts
from portal.funding.agreements.commands import AgreementFacts
from portal.funding.agreements.models import NUMBER_MAX, REASON_MAX, TEXT_MAX
from portal.funding.agreements.money_rules import AmountInvalid, parse_amount
from portal.funding.agreements.rules import parse_parties
from portal.platform.kernel.text import clean_text, in_reader_language
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.storage.labels import ACCEPT
from portal.platform.web.base_form import EditForm, NumberField, build_choices_from_pairs
from portal.platform.web.form_fields import day_field, line_field, text_field

_REQUIRED = _l("Donnez un montant.")


class AmountField(NumberField):
    """An amount of euros, read in the reader's language. Its data is in cents, or None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = clean_text(valuelist[0]) if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = parse_amount(text, in_reader_language("fr", "en"))
            except AmountInvalid as invalid:
                raise ValueError(str(invalid)) from None
        elif valuelist and valuelist[0]:  # only characters that nobody sees
            raise ValueError(str(_REQUIRED))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return (
            "" if not self.data else f"{self.data // 100}{in_reader_language(',', '.')}{self.data % 100:02}"
        )


def amount_field(label: Any, *, optional: bool = False, hint: Any = "") -> AmountField:
    """Return a field for an amount of euros over zero."""
    first = Optional() if optional else InputRequired(_REQUIRED)
    attributes = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "40"}
    return AmountField(label, [first], description=hint, render_kw=attributes)


class AgreementForm(EditForm):
    """What an agreement says, until its amount is committed."""

    number = line_field(_l("Numéro de la convention"), NUMBER_MAX)
    legal_commitment = line_field(
        _l("Engagement juridique (Chorus)"), NUMBER_MAX, hint=_l("Dix chiffres, si l’État paie par Chorus.")
    )
    operator_reference = line_field(_l("Référence chez l’opérateur"), NUMBER_MAX)
    purpose = text_field(_l("Objet"), TEXT_MAX, rows=3)
    parties = text_field(
        _l("Parties"), TEXT_MAX, rows=3, hint=_l("Une par ligne : nom ; SIRET de 14 chiffres.")
    )
    amount_cents = amount_field(_l("Montant, en euros"), optional=True, hint=_l("Par exemple 1 234,56."))
    starts_on = day_field(_l("Du"), optional=True)
    ends_on = day_field(_l("Au"), optional=True)

    def facts(self) -> AgreementFacts:
        """The values as commands take them."""
        values = {**self.values, "parties": parse_parties(self.values["parties"])}
        return AgreementFacts(**{**values, "amount_cents": values["amount_cents"] or 0})


class _DocumentChoice(UploadingForm):
    offers_files = False
    file = FileField(_l("Document signé"), render_kw={"accept": ACCEPT})
    document = SelectField(
        _l("Ou un fichier déjà joint"), coerce=lambda value: UUID(value) if value else None
    )

    def validate_file(self, field: FileField) -> None:
        """A file is sent, or one that is attached is chosen."""
        super().validate_file(field)
        if not field.data and not self.document.data:
            raise ValidationError(
                _("Joignez le document signé, ou choisissez-le parmi les fichiers joints.")
                if self.offers_files
                else _("Joignez le document signé.")
            )

    def set_files(self, files: Sequence[tuple[UUID, str]]) -> None:
        """Offer the files that are attached to the agreement."""
        none = ("", _("Aucun pour l’instant"))
        self.document.choices = build_choices_from_pairs([none, *((str(id_), name) for id_, name in files)])
        self.offers_files = bool(files)


class SignatureForm(_DocumentChoice, EditForm):
    """Note the signature of an agreement."""

    signed_on = day_field(_l("Signée le"))

    def make_form_from_stored(self, row: object) -> "SignatureForm":
        """The same form, filled from the stored row."""
        form = type(self)(self.intake, formdata=None, obj=row)
        form.document.choices = self.document.choices
        return form


class ReplaceSignedDocumentForm(_DocumentChoice, EditForm):
    """Replace the signed document, with why."""

    reason = text_field(
        _l("Pourquoi"), REASON_MAX, rows=3, hint=_l("Obligatoire si un document est remplacé.")
    )
    amendment = IntegerField(validators=[Optional()], widget=HiddenInput())  # its number, if of one

    make_form_from_stored = SignatureForm.make_form_from_stored


class AmendmentForm(EditForm):
    """Amend an agreement: what is left empty does not change."""

    signed_on = day_field(_l("Avenant signé le"))
    amount_cents = amount_field(
        _l("Nouveau montant, en euros"),
        optional=True,
        hint=_l("La dernière tranche à demander change d’autant."),
    )
    ends_on = day_field(_l("Nouvelle fin"), optional=True)
    purpose = text_field(_l("Nouvel objet"), TEXT_MAX, rows=3)
    reason = text_field(_l("Motif"), REASON_MAX, rows=3, required=_l("Dites pourquoi."))

    def make_form_from_stored(self, row: object) -> "AmendmentForm":
        """The same form, filled from what another person saved, but for what is left empty here: that
        would not change."""
        form = type(self)(formdata=None, obj=row)
        for field in self:
            if not field.data:
                form[field.name].process_data(field.data)
        return form

    def facts(self) -> AmendmentFacts:
        """The values as commands take them."""
        values = self.values
        return AmendmentFacts(**{**values, "purpose": values["purpose"] or None})


class CloseAgreementForm(EditForm):
    """Close an agreement."""

    reason = text_field(_l("Ce qui a été convenu"), REASON_MAX, rows=3, required=_l("Dites pourquoi."))
