"""Forms of the plan of instalments."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, SelectMultipleField, widgets

from portal.funding.agreements.forms import amount_field
from portal.funding.agreements.models import NAME_MAX, REASON_MAX, TEXT_MAX
from portal.funding.agreements.money_rules import AmountInvalid, parse_shares
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.platform.kernel.clock import find_implausible_date_problem
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import build_dataclass_from_fields, day_field, line_field, text_field

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


class SharesForm(EditForm):
    """Plan instalments by shares of the amount."""

    shares = line_field(
        _l("Parts, en pour cent"),
        NAME_MAX,
        required=_l("Donnez les parts."),
        hint=_l("Leur somme est 100 : « 30 ; 40 ; 30 ». Le centime qui reste va à la dernière."),
    )

    def read_shares(self) -> Sequence[int]:
        """The shares in hundredths of a per cent. Raises `RuleBroken` on `shares`."""
        try:
            return parse_shares(self.values["shares"])
        except AmountInvalid as invalid:
            raise RuleBroken("shares", str(invalid)) from None


class _InstalmentFields(Form):
    amount_cents = amount_field(_l("Montant, en euros"))
    due_on = day_field(_l("Pas avant le"), optional=True)
    gates = SelectMultipleField(
        _l("Jalons à accepter d’abord"),
        coerce=int,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    documents = text_field(
        _l("Documents à remettre"),
        TEXT_MAX,
        rows=3,
        hint=_l("Un par ligne : nom ; date (JJ/MM/AAAA), facultative."),
    )
    needs_statement = BooleanField(_l("Un état des dépenses certifié"))

    def __init__(self, gates: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gate_options = gates
        self.gates.choices = build_choices_from_pairs(gates)

    def facts(self) -> InstalmentFacts:
        """The values as commands take them. Raises `RuleBroken` on `documents`."""
        documents, gates = parse_documents(self.values["documents"]), self.values["gates"] or ()
        return build_dataclass_from_fields(self, InstalmentFacts, documents=documents, gates=gates)


class PlanInstalmentForm(_InstalmentFields, CreateForm):
    """Add an instalment."""


class ChangeInstalmentForm(_InstalmentFields, EditForm):
    """Change an instalment; of a signed agreement, with why."""

    reason = text_field(
        _l("Pourquoi"),
        REASON_MAX,
        rows=3,
        required=_l("La convention est signée : dites pourquoi la tranche change."),
        hint=_l("L’équipe et l’historique de la tranche le gardent."),
    )

    def __init__(self, gates: Sequence[tuple[int, str]], is_signed: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(gates, *args, **kwargs)
        self.is_signed = is_signed
        if not is_signed:
            del self.reason

    def make_form_from_stored(self, row: object) -> "ChangeInstalmentForm":
        """The same form, filled from the stored row."""
        return type(self)(self.gate_options, self.is_signed, formdata=None, obj=row)


def parse_documents(text: str) -> Sequence[tuple[str, date | None]]:
    """Read « name ; date », one a line. Raises `RuleBroken` on `documents`."""
    documents = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _separator, day_text = (part.strip() for part in line.partition(";"))
        if not name or len(name) > NAME_MAX:
            raise RuleBroken("documents", _("« %(line)s » : donnez un nom plus court.", line=line[:60]))
        documents.append((name, _parse_day(line, day_text) if day_text else None))
    return documents


def _parse_day(line: str, text: str) -> date:
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        parts = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
        day = date(*map(int, parts))
        if find_implausible_date_problem(day):
            raise ValueError
    except ValueError:
        sentence = _("« %(line)s » : écrivez la date comme 31/12/2026.", line=line[:60])
        raise RuleBroken("documents", sentence) from None
    return day
