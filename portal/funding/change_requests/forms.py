"""Forms of change requests."""

from collections.abc import Mapping
from typing import Any

from portal.funding.agreements.forms import amount_field
from portal.funding.agreements.models import REASON_MAX, TEXT_MAX
from portal.funding.change_requests import labels
from portal.funding.change_requests.commands import ChangeFacts
from portal.funding.change_requests.decision_commands import ChangeAnswer
from portal.funding.change_requests.models import DELAY_MAX, MESSAGE_MAX, FundingChangeKind
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, enum_coercer
from portal.platform.web.form_fields import integer_field, radio_field, text_field

FIELD_OF: Mapping[FundingChangeKind, str] = {
    FundingChangeKind.DELAY: "days",
    FundingChangeKind.SCOPE: "purpose",
    FundingChangeKind.BUDGET: "amount_cents",
    FundingChangeKind.ABANDONMENT: "learnings",
}


class NewChangeRequestForm(CreateForm):
    """File a request."""

    kind = radio_field(_l("Ce qui change"), labels.KINDS, enum_coercer(FundingChangeKind))
    days = integer_field(_l("Délai de plus, en jours"), 1, DELAY_MAX, hint=_l("Pour un délai."))
    amount_cents = amount_field(
        _l("Nouveau montant de la convention, en euros"), optional=True, hint=_l("Pour un budget.")
    )
    purpose = text_field(_l("Nouvel objet"), TEXT_MAX, rows=3, hint=_l("Pour un changement d’objet."))
    learnings = text_field(_l("Ce que l’équipe a appris"), TEXT_MAX, rows=3, hint=_l("Pour un abandon."))
    reason = text_field(_l("Pourquoi"), REASON_MAX, rows=4, required=_l("Dites pourquoi."))

    def clear_fields_of_other_kinds(self) -> None:
        """Leave out what another kind than the chosen one asks for, and mark what it asks for."""
        for kind, name in FIELD_OF.items():
            if self.kind.data is not None and kind is not self.kind.data:
                del self[name]
            elif self.kind.data is not None:
                self[name].flags.required = True

    def facts(self) -> ChangeFacts:
        """The values as commands take them."""
        return ChangeFacts(**self.values)


class _AnswerFields(Form):
    outcome = radio_field(_l("Décision"), {"yes": _l("Accorder"), "no": _l("Refuser")}, lambda value: value)
    days = integer_field(_l("Délai accordé, en jours"), 1, DELAY_MAX)
    amount_cents = amount_field(_l("Montant accordé, en euros"), optional=True)
    reasons = text_field(
        _l("Motifs"), REASON_MAX, rows=4, required=_l("Donnez les motifs : la lettre les reprend.")
    )

    def clear_fields_of_other_kinds(self, kind: FundingChangeKind) -> None:
        """Leave out what a request of a kind does not grant."""
        for own_kind, name in ((FundingChangeKind.DELAY, "days"), (FundingChangeKind.BUDGET, "amount_cents")):
            if kind is not own_kind:
                del self[name]

    def answer(self) -> ChangeAnswer:
        """The values as commands take them."""
        values = self.values
        return ChangeAnswer(
            is_granted=values["outcome"] == "yes",
            reasons=values["reasons"],
            days=values.get("days"),
            amount_cents=values.get("amount_cents"),
        )


class AnswerChangeForm(_AnswerFields, EditForm):
    """Decide a request, or correct a decision."""

    def __init__(self, kind: FundingChangeKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.clear_fields_of_other_kinds(kind)

    def make_form_from_stored(self, row: object) -> "AnswerChangeForm":
        """The same form, filled from the stored row."""
        return type(self)(self.kind, formdata=None, obj=row)


class ChangeMessageForm(CreateForm):
    """Write in the thread."""

    body = text_field(_l("Message"), MESSAGE_MAX, rows=3, required=_l("Écrivez un message."))
