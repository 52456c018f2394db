"""Words of change requests."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from portal.funding.agreements.condition_rules import GateForPayment
from portal.funding.agreements.labels import money
from portal.funding.change_requests.models import (
    ChangeDecision,
    ChangeState,
    FundingChange,
    FundingChangeKind,
)
from portal.funding.change_requests.policy import awaits_sponsor_confirmation
from portal.funding.change_requests.queries import UnpaidCommitments
from portal.funding.change_requests.rules import STOPPED_BY_ABANDONMENT, ChangeMode
from portal.platform.kernel.text import LazyString, format_day, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import ProjectState

KINDS: Mapping[FundingChangeKind, LazyString] = {
    FundingChangeKind.DELAY: _l("Délai"),
    FundingChangeKind.SCOPE: _l("Objet"),
    FundingChangeKind.BUDGET: _l("Budget"),
    FundingChangeKind.ABANDONMENT: _l("Abandon"),
}
STATES: Mapping[ChangeState, LazyString] = {
    ChangeState.FILED: _l("Déposée"),
    ChangeState.EXAMINED: _l("Examinée"),
    ChangeState.GRANTED: _l("Accordée"),
    ChangeState.REFUSED: _l("Refusée"),
    ChangeState.APPLIED: _l("Appliquée"),
    ChangeState.WITHDRAWN: _l("Retirée"),
}
STATE_KINDS: Mapping[ChangeState, str] = {
    ChangeState.GRANTED: "success",
    ChangeState.APPLIED: "success",
    ChangeState.REFUSED: "error",
    ChangeState.FILED: "info",
    ChangeState.EXAMINED: "info",
}
MODES: Mapping[ChangeMode, LazyString] = {
    ChangeMode.BY_LEAD: _l("La direction décide"),
    ChangeMode.BY_OPERATOR: _l("L’opérateur décide"),
    ChangeMode.RECORDED: _l("Notée, sans décision"),
    ChangeMode.NOT_ALLOWED: _l("Non admise"),
}


def title(row: FundingChange) -> str:
    """« Demande 2 : délai »."""
    return _("Demande %(n)s : %(kind)s", n=row.number, kind=lower_first(KINDS[row.kind]))


def decided_title(row: FundingChange, decision: ChangeDecision) -> str:
    """« Demande 2 : délai, 21 jours de plus »: the request and the days granted, never an amount."""
    if not decision.is_granted or decision.days is None:
        return title(row)
    return _("%(title)s, %(days)s", title=title(row), days=extra_days_label(decision.days))


def whose_turn(row: FundingChange) -> str:
    """Whose turn it is."""
    if awaits_sponsor_confirmation(row):
        return _("au sponsor")
    if row.state in {ChangeState.REFUSED, ChangeState.APPLIED, ChangeState.WITHDRAWN}:
        return ""
    return _("à l’opérateur") if row.authority == ChangeMode.BY_OPERATOR else _("à la direction")


def abandonment_effect(unpaid: UnpaidCommitments, *, stops: bool) -> str:
    """What an abandonment does once it is applied; `stops`: the project goes on until then."""
    if not stops and not unpaid.instalment_count:
        return _("L’abandon clôt la convention. Rien n’y reste à verser.")
    if not stops:
        return ngettext(
            "L’abandon clôt la convention et libère %(num)s tranche non versée : %(amount)s ne seront plus"
            " versés.",
            "L’abandon clôt la convention et libère %(num)s tranches non versées : %(amount)s ne seront plus"
            " versés.",
            unpaid.instalment_count,
            amount=money(unpaid.cents),
        )
    if not unpaid.instalment_count:
        return _("L’abandon arrête le projet et clôt la convention. Rien n’y reste à verser.")
    return ngettext(
        "L’abandon arrête le projet, clôt la convention et libère %(num)s tranche non versée :"
        " %(amount)s ne seront plus versés.",
        "L’abandon arrête le projet, clôt la convention et libère %(num)s tranches non versées :"
        " %(amount)s ne seront plus versés.",
        unpaid.instalment_count,
        amount=money(unpaid.cents),
    )


def correction_advice(row: FundingChange, *, corrects: bool) -> Sequence[str]:
    """What an applied amendment allows."""
    is_amended = row.kind in {FundingChangeKind.BUDGET, FundingChangeKind.SCOPE} and corrects
    if is_amended and row.state is ChangeState.APPLIED:
        return [_("L’avenant est noté : accordez une autre valeur, ou notez un nouvel avenant.")]
    return []


def applied_sentence(row: FundingChange, state: ProjectState) -> str:
    """What was done to a project of a state, once a request is applied."""
    if row.kind is not FundingChangeKind.ABANDONMENT:
        return _("Modification appliquée.")
    if state in STOPPED_BY_ABANDONMENT:
        return _("Abandon appliqué : le projet est arrêté et la convention close.")
    return _("Abandon appliqué : la convention est close.")


def describe_confirmation_turn(row: FundingChange, sponsor_id: UUID | None, sponsor: str) -> str:
    """Whose confirmation an abandonment awaits, by name, or who is to be named first."""
    if sponsor_id is None:
        return _("L’équipe n’a plus de sponsor : le porteur en nomme un, qui confirme l’abandon.")
    if sponsor_id == row.filed_by_id:
        return _(
            "Le sponsor, %(name)s, a déposé la demande : le porteur en nomme un autre, qui la confirme.",
            name=sponsor,
        )
    return _("L’abandon attend la confirmation du sponsor, %(name)s.", name=sponsor)


def kind_detail(facts: Mapping[str, Any]) -> str:
    """What the news of a request adds: « : abandon »; "" where it does not say."""
    kind = facts.get("kind")
    return _(" : %(kind)s", kind=lower_first(KINDS[FundingChangeKind(kind)])) if kind else ""


def awaited_role_title(row: FundingChange) -> str:
    """Who is awaited, as a title."""
    if awaits_sponsor_confirmation(row):
        return _("Sponsor")
    return _("Opérateur") if row.authority == ChangeMode.BY_OPERATOR else _("Direction de programme")


def asked_or_granted_label(row: FundingChange, decision: ChangeDecision | None) -> str:
    """What is granted by the decision that holds, else what is asked, with its amount: for those who
    read amounts."""
    requested = _describe_delay_or_amount(row.kind, row)
    if requested is None:
        return row.purpose or row.learnings
    granted = _describe_delay_or_amount(row.kind, decision) if decision and decision.is_granted else requested
    if granted == requested:
        return requested
    return _("%(granted)s (demandé : %(requested)s)", granted=granted, requested=requested)


def _describe_delay_or_amount(kind: FundingChangeKind, row: FundingChange | ChangeDecision) -> str | None:
    """A delay or an amount, asked or granted; None for other kinds."""
    if kind is FundingChangeKind.DELAY:
        return extra_days_label(row.days)
    if kind is FundingChangeKind.BUDGET:
        return _("nouveau montant : %(amount)s", amount=money(row.amount_cents))
    return None


def list_request_texts(row: FundingChange) -> Sequence[str]:
    """What is asked, why, and what becomes of it once it is granted and applied."""
    texts = [
        asked_or_granted_label(row, None),
        _("Pourquoi : %(reason)s", reason=row.reason),
        delay_effect(row),
    ]
    return [text for text in texts if text]


def delay_effect(row: FundingChange) -> str:
    """What applying a delay moves; "" of another kind."""
    if row.kind is not FundingChangeKind.DELAY:
        return ""
    return _(
        "Une fois accordé et appliqué, le délai reporte la fin de la convention et les jalons encore à venir."
    )


def list_delay_moves(days: int, ends_on: date | None, gates: Mapping[int, GateForPayment]) -> Sequence[str]:
    """From which day to which a delay moves the end of the agreement, and each gate that was never passed."""
    moved = timedelta(days=days)
    sentences = []
    if ends_on is not None:
        sentences.append(
            _(
                "Fin de la convention : du %(before)s au %(after)s.",
                before=format_day(ends_on),
                after=format_day(ends_on + moved),
            )
        )
    sentences += [
        _(
            "Jalon G%(n)s : du %(before)s au %(after)s.",
            n=number,
            before=format_day(gate.due_on),
            after=format_day(gate.due_on + moved),
        )
        for number, gate in sorted(gates.items())
        if gate.first_accepted_on is None and not gate.is_waived
    ]
    return sentences


def asked_delay_introduction(days: int) -> str:
    """Stands before what so many days would move, where others may still be granted."""
    return ngettext(
        "Avec %(num)s jour de plus, et d’autres dates si vous en accordez d’autres :",
        "Avec %(num)s jours de plus, et d’autres dates si vous en accordez d’autres :",
        days,
    )


def extra_days_label(count: int | None) -> str:
    return ngettext("%(num)s jour de plus", "%(num)s jours de plus", count or 0)


def is_noted_without_decision(row: FundingChange, decision: ChangeDecision) -> bool:
    """Whether nobody decided: the programme took note of the request as it was filed."""
    return row.authority == ChangeMode.RECORDED and decision.number == 1


def decision_reasons(row: FundingChange, decision: ChangeDecision) -> str:
    """Why it was decided so, as its letter says."""
    if is_noted_without_decision(row, decision):
        return _("Le programme prend acte de cette modification.")
    return decision.reasons


def decision_answer_label(row: FundingChange, decision: ChangeDecision) -> str:
    """What a decision grants, or what was noted."""
    if is_noted_without_decision(row, decision):
        return _("notée : %(what)s", what=extra_days_label(row.days)) if row.days else _("notée")
    if not decision.is_granted:
        return _("refusée")
    if row.kind is FundingChangeKind.DELAY:
        return _("accordée : %(what)s", what=extra_days_label(decision.days))
    if row.kind is FundingChangeKind.BUDGET:
        return _("accordée : %(what)s", what=money(decision.amount_cents))
    return _("accordée")


def describe_correction_meanwhile(row: FundingChange, decisions: Sequence[tuple[ChangeDecision, str]]) -> str:
    """Who corrected what was granted, a delay or an abandonment, what the decision was before and what it
    is; `decisions` with who made each, the last first."""
    if len(decisions) < 2:
        return _("Cette demande a changé entre-temps, et rien n’a été appliqué\u00a0: relisez-la.")
    (now, who), (before, _first) = decisions[:2]
    sentences = (
        _("Rien n’a été appliqué\u00a0: %(who)s a corrigé la décision entre-temps.", who=who),
        _describe_previous_grant(row, before),
        _describe_present_grant(row, now),
    )
    return " ".join(sentences)


def _describe_previous_grant(row: FundingChange, decision: ChangeDecision) -> str:
    if row.kind is not FundingChangeKind.DELAY:
        return _(
            "La décision précédente était un accord, «\u00a0%(reasons)s\u00a0».", reasons=decision.reasons
        )
    return ngettext(
        "La décision précédente était d’accorder %(num)s jour de plus, «\u00a0%(reasons)s\u00a0».",
        "La décision précédente était d’accorder %(num)s jours de plus, «\u00a0%(reasons)s\u00a0».",
        decision.days or 0,
        reasons=decision.reasons,
    )


def _describe_present_grant(row: FundingChange, decision: ChangeDecision) -> str:
    if row.kind is not FundingChangeKind.DELAY:
        return _("La décision est maintenant un accord, «\u00a0%(reasons)s\u00a0».", reasons=decision.reasons)
    return ngettext(
        "La décision est maintenant d’accorder %(num)s jour de plus, «\u00a0%(reasons)s\u00a0».",
        "La décision est maintenant d’accorder %(num)s jours de plus, «\u00a0%(reasons)s\u00a0».",
        decision.days or 0,
        reasons=decision.reasons,
    )
