"""File, examine, confirm and withdraw change requests, and write in their thread."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.funding.agreements.commands import lock_agreement, record_funding_event, require_handler
from portal.funding.agreements.gate_queries import find_sponsor_id
from portal.funding.agreements.models import FundingAgreement
from portal.funding.agreements.policy import reads_amounts
from portal.funding.change_requests import policy, queries
from portal.funding.change_requests.models import (
    DELAY_MAX,
    ChangeMessage,
    ChangeState,
    FundingChange,
    FundingChangeKind,
)
from portal.funding.change_requests.queries import LoadedChange
from portal.funding.change_requests.rules import ChangeMode
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import create_row, lock_fresh

FILED = audit.Action("change.filed", _l("a déposé la demande de modification %(number)s"))
EXAMINED = audit.Action("change.examined", _l("examine la demande de modification %(number)s"))
CONFIRMED = audit.Action("change.confirmed", _l("a confirmé la demande d’abandon %(number)s"))
WITHDRAWN = audit.Action("change.withdrawn", _l("a retiré la demande de modification %(number)s"))
WROTE = audit.Action("change.wrote")


@dataclass(frozen=True, kw_only=True)
class ChangeFacts:
    """What a team asks; only the field of its kind counts."""

    kind: FundingChangeKind
    reason: str
    days: int | None = None
    amount_cents: int | None = None
    purpose: str = ""
    learnings: str = ""


def record_change_event(
    actor: Actor | None, action: audit.Action, loaded: LoadedChange, **facts: Any
) -> None:
    """Append an event about a request, whose page it leads to."""
    record_funding_event(
        actor,
        action,
        loaded.row,
        loaded.project,
        path=row_path(loaded.project, loaded.row),
        number=loaded.row.number,
        kind=loaded.row.kind.value,
        **facts,
    )


def require_filer(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor leads the team."""
    sentence = _("Seul le porteur du projet dépose une demande. Rien n’a été changé.")
    require(policy.can_file_request(actor, project), sentence)


def file_change_request(
    actor: Actor, project: Project, agreement: FundingAgreement, facts: ChangeFacts
) -> FundingChange:
    """File a request: one open at a time of each kind, none after an abandonment. Raises `RuleBroken`
    on the field, `TooLate` without an agreement in force."""
    require_filer(actor, project)
    lock_agreement(agreement)
    if not agreement.is_open:
        raise TooLate(_("Une demande se dépose quand la convention est en vigueur."))
    mode = queries.read_change_modes(project.programme_id)[facts.kind]
    if mode is ChangeMode.NOT_ALLOWED:
        raise RuleBroken("kind", _("Ce programme n’admet pas cette sorte de demande."))
    _check_change(agreement, facts)
    others = queries.list_open_changes(project)
    if any(other.kind is FundingChangeKind.ABANDONMENT for other in others):
        raise RuleBroken("kind", _("Un abandon est demandé : aucune autre demande ne s’ouvre à côté."))
    if any(other.kind is facts.kind for other in others):
        raise RuleBroken("kind", _("Une demande de cette sorte est déjà ouverte."))
    confirms = {}
    if facts.kind is FundingChangeKind.ABANDONMENT:
        confirms["person_id"] = str(_find_second_sponsor_id(actor, project))
    row = create_row(
        FundingChange, project, authority=mode, filed_by_id=actor.person_id, **_build_change_values(facts)
    )
    record_change_event(actor, FILED, LoadedChange(project, agreement, row), **confirms)
    return row


def _find_second_sponsor_id(actor: Actor, project: Project) -> UUID:
    """The sponsor who confirms what the actor files. Raises `RuleBroken` where there is no other person."""
    sponsor_id = find_sponsor_id(project)
    if sponsor_id is None or sponsor_id == actor.person_id:
        sentence = _("Un abandon est confirmé par le sponsor, une autre personne : nommez-le d’abord.")
        raise RuleBroken("kind", sentence)
    return sponsor_id


def _build_change_values(facts: ChangeFacts) -> dict[str, object]:
    kind = facts.kind
    return {
        "kind": kind,
        "reason": facts.reason,
        "days": facts.days if kind is FundingChangeKind.DELAY else None,
        "amount_cents": facts.amount_cents if kind is FundingChangeKind.BUDGET else None,
        "purpose": facts.purpose if kind is FundingChangeKind.SCOPE else "",
        "learnings": facts.learnings if kind is FundingChangeKind.ABANDONMENT else "",
    }


def require_other_amount(agreement: FundingAgreement, amount: int | None) -> None:
    """Raise `RuleBroken` for a budget that changes nothing."""
    if amount in {None, agreement.amount_cents}:
        raise RuleBroken("amount_cents", _("Donnez un montant autre que celui de la convention."))


def _check_change(agreement: FundingAgreement, facts: ChangeFacts) -> None:
    if facts.kind is FundingChangeKind.DELAY and not 1 <= (facts.days or 0) <= DELAY_MAX:
        raise RuleBroken("days", _("Donnez un délai de 1 à %(n)s jours.", n=DELAY_MAX))
    if facts.kind is FundingChangeKind.BUDGET:
        require_other_amount(agreement, facts.amount_cents)
    if facts.kind is FundingChangeKind.SCOPE and not facts.purpose:
        raise RuleBroken("purpose", _("Écrivez le nouvel objet."))
    if facts.kind is FundingChangeKind.ABANDONMENT and not facts.learnings:
        raise RuleBroken("learnings", _("Dites ce que l’équipe a appris : la page du projet le gardera."))


def lock_change(loaded: LoadedChange, *states: ChangeState, version: int | None = None) -> None:
    """Lock a request. Raises `Overtaken` unless it is in one of the states, `Conflict`."""
    lock_agreement(loaded.agreement)
    lock_fresh(loaded.row, version)
    if loaded.row.state not in states:
        raise Overtaken(
            _("Cette demande a changé d’état entre-temps : relisez-la."),
            row_path(loaded.project, loaded.row),
        )


def examine_change(actor: Actor, loaded: LoadedChange, version: int) -> None:
    """Take a request in hand. Raises `Overtaken`, `Conflict`."""
    require_handler(actor, loaded.project)
    lock_change(loaded, ChangeState.FILED, version=version)
    loaded.row.state, loaded.row.examined_by_id = ChangeState.EXAMINED, actor.person_id
    record_change_event(actor, EXAMINED, loaded)


def require_sponsor(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor is the sponsor that the team has named."""
    sentence = _("Seul le sponsor que l’équipe a nommé confirme un abandon. Rien n’a été changé.")
    require(find_sponsor_id(project) == actor.person_id, sentence)


def confirm_abandonment(actor: Actor, loaded: LoadedChange, version: int) -> None:
    """Confirm an abandonment as the sponsor of the project, who is not who filed it; the other open
    requests are withdrawn. Raises `RuleBroken`, `Overtaken`, `Conflict`."""
    require_sponsor(actor, loaded.project)
    lock_change(loaded, ChangeState.FILED, ChangeState.EXAMINED, version=version)
    if not policy.awaits_sponsor_confirmation(loaded.row):
        raise Overtaken(_("Cette demande n’attend pas de confirmation."))
    if loaded.row.filed_by_id == actor.person_id:
        raise RuleBroken(None, _("Qui demande l’abandon ne le confirme pas : une autre personne le fait."))
    loaded.row.confirmed_by_id, loaded.row.confirmed_at = actor.person_id, clock.now()
    record_change_event(actor, CONFIRMED, loaded)
    for other in queries.list_open_changes(loaded.project):
        if other.id != loaded.row.id:
            lock_fresh(other)
            _close_change(actor, WITHDRAWN, loaded._replace(row=other), ChangeState.WITHDRAWN)


def withdraw_change(actor: Actor, loaded: LoadedChange, version: int) -> None:
    """Withdraw a request that is not decided. Raises `Overtaken`, `Conflict`."""
    require_filer(actor, loaded.project)
    lock_change(loaded, ChangeState.FILED, ChangeState.EXAMINED, version=version)
    _close_change(actor, WITHDRAWN, loaded, ChangeState.WITHDRAWN)


def _close_change(actor: Actor, action: audit.Action, loaded: LoadedChange, state: ChangeState) -> None:
    loaded.row.state, loaded.row.closed_at = state, clock.now()
    record_change_event(actor, action, loaded)


def write_message(actor: Actor, loaded: LoadedChange, body: str) -> ChangeMessage:
    """Write in the thread of a request."""
    require(reads_amounts(actor, loaded.project))
    message = ChangeMessage(change_id=loaded.row.id, author_id=actor.person_id, body=body)
    db.session.add(message)
    record_change_event(actor, WROTE, loaded)
    return message
