"""What is done about a risk: decided, begun, proved, given up, taken up again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.files.queries import has_files
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import check_version, db, save
from portal.kernel.errors import RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.numbered import next_number
from portal.projects.queries import name_team
from portal.projects.teamwork import PLUMBING
from portal.risks import policy
from portal.risks.commands import clear_residual, hold_open
from portal.risks.models import Mitigation, Progress, Risk

DECIDED = audit.Action("mitigation.decided", _l("a décidé la mesure %(number)s"))
CHANGED = audit.Action("mitigation.changed", _l("a modifié la mesure %(number)s"))
BEGUN = audit.Action("mitigation.begun", _l("a commencé la mesure %(number)s"))
PROVED = audit.Action("mitigation.proved", _l("a mis en place la mesure %(number)s"))
DROPPED = audit.Action("mitigation.dropped", _l("a abandonné la mesure %(number)s"))
RESUMED = audit.Action("mitigation.resumed", _l("a repris la mesure %(number)s"))

_LEFT_OUT = PLUMBING | {"risk_id", "settled_at", "settled_by_id", "reminded_of"}


@dataclass(frozen=True, kw_only=True)
class MitigationFacts:
    """What is to be done; who sees to it and by when may still be open."""

    what: str
    owner_id: UUID | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Where it is seen (files attached count too), and what it shows."""

    link: str = ""
    note: str = ""


def decide(actor: Actor, project: Project, risk: Risk, facts: MitigationFacts) -> Mitigation:
    """Raises `RuleBroken` on `owner` or `due_on`."""
    hold_open(actor, project, risk)
    _check_owner(project, facts.owner_id)
    _check_due(facts.due_on)
    mitigation = Mitigation(
        project_id=project.id,
        number=next_number(Mitigation, project),
        risk_id=risk.id,
        **asdict(facts),
    )
    db.session.add(mitigation)
    said = {name: (None, value) for name, value in asdict(facts).items() if value is not None}
    _record(actor, project, DECIDED, mitigation, said)
    return mitigation


def change_mitigation(
    actor: Actor,
    project: Project,
    of: tuple[Mitigation, Risk],
    facts: MitigationFacts,
    seen: int,
) -> None:
    """An owner who left may stay the owner. Raises as `decide` does, and `Conflict`."""
    mitigation = _hold_open(actor, project, of)
    check_version(mitigation, seen)
    if facts.owner_id != mitigation.owner_id:
        _check_owner(project, facts.owner_id)
    if facts.due_on != mitigation.due_on:
        _check_due(facts.due_on)
    _keep(actor, project, CHANGED, mitigation, asdict(facts))


def begin_mitigation(actor: Actor, project: Project, of: tuple[Mitigation, Risk]) -> None:
    """What is under way already stays so."""
    mitigation = _hold_open(actor, project, of)
    if policy.can_begin(actor, project, of[1], mitigation):
        _keep(actor, project, BEGUN, mitigation, {"progress": Progress.UNDER_WAY})


def prove(
    actor: Actor, project: Project, of: tuple[Mitigation, Risk], proof: Proof, seen: int
) -> None:
    """It is in place. Raises `RuleBroken` on `proof_link` without a link or a file; `Conflict`."""
    mitigation = _hold_open(actor, project, of)
    check_version(mitigation, seen)
    if not proof.link and not has_files(Mitigation.__tablename__, mitigation.id):
        sentence = _("Donnez un lien, ou joignez d’abord un fichier à la mesure : c’est sa preuve.")
        raise RuleBroken("proof_link", sentence)
    values = {"progress": Progress.IN_PLACE, "proof_link": proof.link, "note": proof.note}
    _settle(actor, mitigation)
    _keep(actor, project, PROVED, mitigation, values)


def drop(
    actor: Actor, project: Project, of: tuple[Mitigation, Risk], reason: str, seen: int
) -> None:
    """It will not be done. Raises `Conflict`."""
    mitigation = _hold_open(actor, project, of)
    check_version(mitigation, seen)
    _settle(actor, mitigation)
    _keep(actor, project, DROPPED, mitigation, {"progress": Progress.DROPPED, "note": reason})


def resume(actor: Actor, project: Project, of: tuple[Mitigation, Risk]) -> None:
    """Take an end back; what nothing reduces any more is as high as at the start."""
    mitigation, risk = of
    hold_open(actor, project, risk)
    db.session.refresh(mitigation)
    if not policy.can_resume(actor, project, risk, mitigation):
        return
    mitigation.settled_at, mitigation.settled_by_id = None, None
    _keep(actor, project, RESUMED, mitigation, {"progress": Progress.UNDER_WAY})
    save()
    clear_residual(actor, project, risk)


def _settle(actor: Actor, mitigation: Mitigation) -> None:
    mitigation.settled_at, mitigation.settled_by_id = clock.now(), actor.person_id


def _hold_open(actor: Actor, project: Project, of: tuple[Mitigation, Risk]) -> Mitigation:
    mitigation, risk = of
    hold_open(actor, project, risk)
    db.session.refresh(mitigation)
    if not policy.can_follow(actor, project, risk, mitigation):
        page = path_of(project, mitigation.number)
        raise TooLate(_("Cette mesure est finie : reprenez-la d’abord."), page)
    return mitigation


def _check_owner(project: Project, owner_id: UUID | None) -> None:
    if owner_id and owner_id not in name_team(project):
        raise RuleBroken("owner", _("Cette personne n’est pas dans l’équipe."))


def _check_due(day: date | None) -> None:
    if said := clock.find_not_due(day):
        raise RuleBroken("due_on", said)


def path_of(project: Project, number: int) -> str:
    return f"/projects/{project.slug}/mitigations/{number}"


def _keep(
    actor: Actor,
    project: Project,
    action: audit.Action,
    mitigation: Mitigation,
    values: Mapping[str, Any],
) -> None:
    for name, value in values.items():
        setattr(mitigation, name, value)
    changes = audit.changes_of(mitigation, leave_out=_LEFT_OUT)
    if changes:
        _record(actor, project, action, mitigation, changes)


def _record(
    actor: Actor,
    project: Project,
    action: audit.Action,
    mitigation: Mitigation,
    changes: audit.Changes,
) -> None:
    facts = {"number": mitigation.number, "path": path_of(project, mitigation.number)}
    audit.record(actor, action, mitigation, scope_id=project.id, facts=facts, changes=changes)
