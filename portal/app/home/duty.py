"""Something that waits in a project, in the words of its line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from portal.app.home.gates import GatePanel, RequestedGate
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day


@dataclass(frozen=True)
class DutyButton:
    """A button that posts `fields`, or a link without them."""

    label: str
    url: str
    fields: Mapping[str, str | int] | None = None
    kind: str = "tertiary"


@dataclass(frozen=True, kw_only=True)
class TeamDuty:
    """Something that waits for somebody: `note` says why, `who` whose turn it is if not the
    reader's. `is_answer`: it only has to be read, and stands before what is dated; `is_refusal`:
    something was refused, and stands before all."""

    text: str
    url: str
    note: str = ""
    due_on: date | None = None
    is_own: bool = False
    who: str = ""
    is_answer: bool = False
    is_refusal: bool = False
    acts: Sequence[DutyButton] = ()

    @property
    def days_late(self) -> int:
        return max(0, (clock.today() - self.due_on).days) if self.due_on else 0

    @cached_property
    def template_variables(self) -> Mapping[str, str]:
        """The variables of its line."""
        days = self.days_late
        late = ngettext("En retard de %(num)s jour", "En retard de %(num)s jours", days) if days else ""
        due = _("pour le %(day)s", day=day(self.due_on)) if self.due_on else ""
        return {"text": self.text, "url": self.url, "note": self.note, "late": late, "due": due}


@dataclass(frozen=True)
class OwnAndOtherDuties:
    """The reader's own, and the others of the team."""

    own: Sequence[TeamDuty]
    others: Sequence[TeamDuty]

    @property
    def late(self) -> int:
        """How many of the reader's own are late."""
        return sum(duty.days_late > 0 for duty in self.own)


def build_requested_gate_duty(gate: RequestedGate) -> TeamDuty:
    """What a requested gate lacks: the first missing proof that the reader can give, else the first."""
    proof = next((each for each in gate.missing if each.is_own), gate.missing[0])
    others = len(gate.missing) - 1
    note = ngettext("et %(num)s autre preuve qui manque", "et %(num)s autres preuves qui manquent", others)
    return TeamDuty(
        text=_("G%(n)s demandé, il manque\u00a0: %(why)s", n=gate.number, why=proof.text),
        url=gate.url,
        note=note if others else "",
        is_own=proof.is_own,
        who=proof.whose,
        acts=(DutyButton(proof.label, proof.url),) if proof.is_own else (),
    )


def list_proof_duties(gates: GatePanel) -> Iterable[TeamDuty]:
    """What the next gate lacks and the reader can give, a line each, until it is asked for."""
    gate = gates.next_gate
    if gate is None or gate.is_asked:
        return
    for proof in gate.missing:
        if proof.is_own:
            yield TeamDuty(
                text=proof.text,
                url=proof.url,
                note=_("manque au jalon G%(n)s", n=gate.number),
                is_own=True,
                acts=(DutyButton(proof.label, proof.url),),
            )
