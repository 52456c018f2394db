"""Sentences and labels of agreements and instalments."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency
from flask_babel import get_locale

from portal.funding.agreements.models import AgreementState, FundingAgreement, InstalmentState
from portal.platform.kernel.text import LazyString, format_day, format_number
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

AMOUNTS_CACHED = 4_000
STATES: Mapping[AgreementState, LazyString] = {
    AgreementState.DRAFT: _l("En préparation"),
    AgreementState.SIGNED: _l("Signée"),
    AgreementState.AMENDED: _l("Amendée"),
    AgreementState.ENDED: _l("Close"),
}
STATE_KINDS = {AgreementState.SIGNED: "success", AgreementState.AMENDED: "success"}
INSTALMENT_STATES: Mapping[InstalmentState, LazyString] = {
    InstalmentState.PLANNED: _l("Prévue"),
    InstalmentState.REQUESTED: _l("Demandée"),
    InstalmentState.RETURNED: _l("À compléter"),
    InstalmentState.CHECKED: _l("Contrôlée"),
    InstalmentState.PAID: _l("Versée"),
    InstalmentState.REFUSED: _l("Refusée"),
}
RELEASED = _l("Close sans versement")  # of an agreement that ended
AFTER_END = _l("après la fin de la convention : il y faut un avenant")
INSTALMENT_KINDS: Mapping[InstalmentState, str] = {
    InstalmentState.REQUESTED: "info",
    InstalmentState.CHECKED: "info",
    InstalmentState.RETURNED: "warning",
    InstalmentState.PAID: "success",
    InstalmentState.REFUSED: "error",
}
FIELDS: Mapping[str, LazyString] = {
    "amount_cents": _l("montant"),
    "ends_on": _l("fin"),
    "purpose": _l("objet"),
}


def money(cents: int | None) -> str:
    """An amount in the reader's language: « 1 234,56 € »."""
    return "—" if cents is None else _format_amount(cents, str(get_locale() or "fr"))


@lru_cache(maxsize=AMOUNTS_CACHED)
def _format_amount(cents: int, language: str) -> str:
    """Cached: a report of 200 teams writes some 5,000 amounts, 15 µs each."""
    return str(format_currency(Decimal(cents).scaleb(-2), "EUR", locale=language))


def amount_in_table(cents: int) -> str:
    """An amount in a narrow column: « – » for none, whole euros without cents, else exact."""
    if not cents:
        return "–"
    return money(cents) if cents % 100 else _format_whole_amount(cents, str(get_locale() or "fr"))


@lru_cache(maxsize=AMOUNTS_CACHED)
def _format_whole_amount(cents: int, language: str) -> str:
    pattern = "#,##0\u00a0¤" if language.startswith("fr") else "¤#,##0"
    return str(format_currency(cents // 100, "EUR", pattern, locale=language, currency_digits=False))


def share(hundredths: int) -> str:
    """A share in the reader's language: « 33,33 % »."""
    text = format_number(hundredths / 100, "0.00" if hundredths % 100 else "0")
    return _("%(share)s %%", share=text)


def state(agreement: FundingAgreement) -> str:
    """The state of an agreement; one of which only the date is known is to complete."""
    if agreement.signed_on and not agreement.is_committed:
        return _("Signée, à compléter")
    return str(STATES[agreement.state])


def badge(agreement: FundingAgreement) -> tuple[str, str | None]:
    """The words of that state and the kind of its badge."""
    if agreement.is_committed:
        return state(agreement), STATE_KINDS.get(agreement.state)
    return state(agreement), "warning" if agreement.signed_on else None


def amended_value_label(field: str, pair: Sequence[object]) -> str:
    """What an amendment changed: « montant : 100,00 € → 120,00 € »."""
    old, new = (_format_amended_value(field, value) for value in pair)
    return _("%(field)s : %(old)s → %(new)s", field=FIELDS[field], old=old, new=new)


def _format_amended_value(field: str, value: object) -> str:
    if field == "amount_cents":
        return money(int(str(value)))
    if field == "ends_on":
        return format_day(date.fromisoformat(str(value))) if value else "—"
    return _("«\u00a0%(text)s\u00a0»", text=value)


def replaced_document_label(document: Mapping[str, str]) -> str:
    """What an earlier signed document was, when and why it was replaced."""
    replaced = _(
        "%(mark)s…, remplacé le %(day)s : %(reason)s",
        mark=document["sha256"][:16],
        day=format_day(date.fromisoformat(document["day"])),
        reason=document["reason"],
    )
    if number := document.get("amendment"):
        return _("Avenant %(n)s : %(document)s", n=number, document=replaced)
    return replaced


def amendment_document_label(agreement: FundingAgreement, number: int) -> str:
    """« Document signé : empreinte 0a1b… »; "" where the one of an amendment is missing."""
    signed = (agreement.amendment_documents or {}).get(str(number))
    return _("Document signé : empreinte %(mark)s…", mark=signed["sha256"][:16]) if signed else ""


def count_unsigned_amendments(agreement: FundingAgreement, numbers: Sequence[int]) -> int:
    """How many amendments of an agreement lack their signed document."""
    return sum(not amendment_document_label(agreement, number) for number in numbers)
