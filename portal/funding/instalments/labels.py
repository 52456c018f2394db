"""Sentences about instalments: what they wait for, whose turn it is, what happened."""

from collections.abc import Mapping, Sequence

from portal.funding.agreements.labels import AFTER_END, INSTALMENT_STATES, RELEASED, money
from portal.funding.agreements.models import OVER, FundingAgreement, Instalment, InstalmentState
from portal.funding.instalments.models import InstalmentVerb
from portal.funding.instalments.queries import InstalmentWithNeeds
from portal.funding.instalments.rules import (
    STANDSTILLS,
    InstalmentLack,
    InstalmentTurn,
    LackKind,
    find_whose_turn,
    forecast_payment_day_range,
    is_no_longer_owed,
)
from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import project_path, row_path

TURN_LABELS: Mapping[InstalmentTurn, LazyString] = {
    InstalmentTurn.TEAM: _l("à l’équipe"),
    InstalmentTurn.OPERATOR: _l("à l’opérateur"),
    InstalmentTurn.PAYER: _l("à l’opérateur, une autre personne"),
}
VERBS: Mapping[InstalmentVerb, LazyString] = {
    InstalmentVerb.REQUESTED: _l("Demandée"),
    InstalmentVerb.RETURNED: _l("Rendue à compléter"),
    InstalmentVerb.CHECKED: _l("Contrôlée"),
    InstalmentVerb.PAID: _l("Versée"),
    InstalmentVerb.REFUSED: _l("Refusée"),
    InstalmentVerb.FAILED: _l("Versement échoué"),
    InstalmentVerb.REOPENED: _l("Revenue au contrôle : quelque chose a changé"),
    InstalmentVerb.DEFERRED: _l("Mise en attente d’un jalon"),
    InstalmentVerb.STATED: _l("État des dépenses préparé"),
    InstalmentVerb.CERTIFIED: _l("État des dépenses certifié"),
}


def state(agreement: FundingAgreement, row: Instalment) -> str:
    """The state of an instalment; of a closed agreement, that nothing of it is owed any more."""
    return str(RELEASED if is_no_longer_owed(agreement, row) else INSTALMENT_STATES[row.state])


def whose_turn(agreement: FundingAgreement, row: Instalment) -> str:
    """Whose turn it is; "" for nobody's."""
    whose = find_whose_turn(agreement, row)
    return "" if whose is InstalmentTurn.NOBODY else str(TURN_LABELS[whose])


GATE_LACKS = {LackKind.GATE, LackKind.STALE_GATE}


def describe_lack(_project: Project, missing: InstalmentLack) -> str:
    """What is missing, in a few words."""
    if missing.kind is LackKind.GATE:
        return _("Jalon G%(n)s : à accepter", n=missing.gate)
    if missing.kind is LackKind.STALE_GATE:
        return _("Jalon G%(n)s : accepté, mais périmé", n=missing.gate)
    if missing.kind is LackKind.DOCUMENT:
        day = missing.due_on and format_day(missing.due_on)
        return _("%(name)s, pour le %(day)s", name=missing.name, day=day) if day else missing.name
    if missing.kind is LackKind.STATEMENT:
        return _("État des dépenses : à préparer")
    return _("État des dépenses : à certifier par une autre personne")


def list_met_conditions(view: InstalmentWithNeeds) -> Sequence[str]:
    """What an operator looks at before a check: gates, documents with their fingerprint, expenses."""
    row = view.row
    gates = [view.gates[number] for number in row.gates if number in view.gates]
    says = [
        _("Jalon G%(n)s : accepté le %(day)s", n=gate.number, day=format_day(gate.accepted_on))
        if gate.accepted_on
        else _("Jalon G%(n)s : dispensé", n=gate.number)
        for gate in gates
        if gate.is_met
    ]
    says += [
        _("%(name)s : « %(file)s », empreinte %(mark)s", name=d.row.name, file=d.file, mark=d.row.sha256[:12])
        for d in view.documents
        if d.is_handed_in
    ]
    if row.certified_by_id is not None:
        says.append(_describe_expenses(row))
    return says


def _describe_expenses(row: Instalment) -> str:
    """What the team has spent, and that it is less than what it asks for."""
    spent = _("État des dépenses certifié : %(amount)s", amount=money(row.statement_cents))
    if (row.statement_cents or 0) >= row.amount_cents:
        return spent
    return _("%(spent)s, moins que la tranche (%(amount)s)", spent=spent, amount=money(row.amount_cents))


def path_of_lack(project: Project, row: Instalment, missing: InstalmentLack) -> str:
    """The page where it is mended."""
    if missing.kind in GATE_LACKS:
        return f"{project_path(project)}/gates/{missing.gate}"
    return row_path(project, row)


def describe_awaited(view: InstalmentWithNeeds) -> str:
    """What an instalment waits for, without an amount or the name of a document."""
    row, lacks = view.row, view.lacks
    if row.state in OVER:
        return ""
    if row.due_on and row.due_on > clock.today():
        wait = _("pas avant le %(day)s", day=format_day(row.due_on))
        return f"{_describe_lacks(view)}, {wait}" if lacks else wait
    if view.has_failed:
        return _("le versement a échoué : à verser de nouveau")
    if not lacks:
        is_returned = row.state is InstalmentState.RETURNED
        return _("rendue à compléter") if is_returned else _("conditions remplies")
    return _describe_lacks(view)


def standstill_sentence(project: Project, agreement: FundingAgreement | None) -> str:
    """That a team is paused, or its project stopped, and what becomes of its payments; "" for others, and
    without an agreement in force."""
    if agreement is None or not agreement.is_open:
        return ""
    if project.stopped_on:
        return _(
            "Le projet est arrêté depuis le %(day)s : plus aucun versement n’est attendu, la convention est "
            "à clore.",
            day=format_day(project.stopped_on),
        )
    if project.paused_on and not project.finished_on:
        return _(
            "L’équipe est en pause depuis le %(day)s : aucun versement n’est attendu avant sa reprise.",
            day=format_day(project.paused_on),
        )
    return ""


def describe_payment_after_end(
    project: Project, agreement: FundingAgreement, view: InstalmentWithNeeds
) -> str:
    """« attendue le 13 mai 2027, après la fin de la convention : il y faut un avenant »; "" where it is
    over, has no day, or comes in time."""
    row, today = view.row, clock.today()
    if agreement.ends_on is None or row.state in OVER or project.state in STANDSTILLS:
        return ""
    first_on = max(today, agreement.starts_on or today)
    expected_on, _latest = forecast_payment_day_range(row.due_on, row.gates, view.gates, first_on)
    if expected_on <= agreement.ends_on:
        return ""
    return _("attendue le %(day)s, %(why)s", day=format_day(expected_on), why=AFTER_END)


def _describe_lacks(view: InstalmentWithNeeds) -> str:
    lacks = view.lacks
    gates = [f"G{number}" for number in view.unmet_gates]
    others = len(lacks) - len(gates)
    parts = [
        _("attend %(gates)s", gates=", ".join(gates)) if gates else "",
        ngettext("%(num)s pièce à remettre", "%(num)s pièces à remettre", others) if others else "",
    ]
    return ", ".join(filter(None, parts))
