"""Adds, changes, starts, proves, drops and resumes mitigations."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.collaboration.files.queries import has_files
from portal.ethics.risks import policy
from portal.ethics.risks.commands import clear_residual, lock_open_risk
from portal.ethics.risks.models import Mitigation, MitigationProgress, Risk
from portal.ethics.risks.path_rules import path_of_mitigation
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_number
from portal.project.projects.queries import get_team_names
from portal.project.projects.work_commands import UNTRACKED_COLUMNS

DECIDED = audit.Action("mitigation.decided", _l("a décidé la mesure %(number)s"))
CHANGED = audit.Action("mitigation.changed", _l("a modifié la mesure %(number)s"))
BEGUN = audit.Action("mitigation.begun", _l("a commencé la mesure %(number)s"))
PROVED = audit.Action("mitigation.proved", _l("a mis en place la mesure %(number)s"))
DROPPED = audit.Action("mitigation.dropped", _l("a abandonné la mesure %(number)s"))
RESUMED = audit.Action("mitigation.resumed", _l("a repris la mesure %(number)s"))

MitigationAndRisk = tuple[Mitigation, Risk]
_UNAUDITED_FIELDS = UNTRACKED_COLUMNS | {"risk_id", "settled_at", "settled_by_id", "reminded_of"}


@dataclass(frozen=True, kw_only=True)
class MitigationFacts:
    """What is to be done; owner and due date may be unknown."""

    what: str
    owner_id: UUID | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class MitigationProof:
    """A link (attached files count too), and what it shows."""

    link: str = ""
    note: str = ""


def decide_mitigation(
    actor: Actor, project: Project, risk: Risk, facts: MitigationFacts
) -> Mitigation:
    """Add a mitigation. Raises `RuleBroken` on `owner` or `due_on`, `TooLate`."""
    lock_open_risk(actor, project, risk)
    _check_owner(project, facts.owner_id)
    _check_due(facts.due_on)
    mitigation = Mitigation(
        project_id=project.id,
        number=next_number(Mitigation, project),
        risk_id=risk.id,
        **asdict(facts),
    )
    db.session.add(mitigation)
    changes = {name: (None, value) for name, value in asdict(facts).items() if value is not None}
    _record(actor, project, DECIDED, mitigation, changes)
    return mitigation


def change_mitigation(
    actor: Actor,
    project: Project,
    mitigation_and_risk: MitigationAndRisk,
    facts: MitigationFacts,
    expected_version: int,
) -> None:
    """Change a mitigation; an owner who left the team may stay.

    Raises as `decide_mitigation`, and `Conflict`.
    """
    mitigation, risk = mitigation_and_risk
    _lock_open_mitigation(actor, project, mitigation, risk)
    check_version(mitigation, expected_version)
    if facts.owner_id != mitigation.owner_id:
        _check_owner(project, facts.owner_id)
    if facts.due_on != mitigation.due_on:
        _check_due(facts.due_on)
    _update_mitigation(actor, project, CHANGED, mitigation, asdict(facts))


def begin_mitigation(
    actor: Actor, project: Project, mitigation_and_risk: MitigationAndRisk
) -> None:
    """Mark a mitigation as under way. Idempotent. Raises `TooLate`."""
    mitigation, risk = mitigation_and_risk
    _lock_open_mitigation(actor, project, mitigation, risk)
    if policy.can_begin(actor, project, risk, mitigation):
        _update_mitigation(
            actor, project, BEGUN, mitigation, {"progress": MitigationProgress.UNDER_WAY}
        )


def prove_mitigation(
    actor: Actor,
    project: Project,
    mitigation_and_risk: MitigationAndRisk,
    proof: MitigationProof,
    expected_version: int,
) -> None:
    """Mark a mitigation as in place.

    Raises `RuleBroken` on `proof_link` without a link or a file, `TooLate`, `Conflict`.
    """
    mitigation, risk = mitigation_and_risk
    _lock_open_mitigation(actor, project, mitigation, risk)
    check_version(mitigation, expected_version)
    if not proof.link and not has_files(Mitigation.__tablename__, mitigation.id):
        sentence = _("Donnez un lien, ou joignez d’abord un fichier à la mesure : c’est sa preuve.")
        raise RuleBroken("proof_link", sentence)
    values = {"progress": MitigationProgress.IN_PLACE, "proof_link": proof.link, "note": proof.note}
    _mark_settled(actor, mitigation)
    _update_mitigation(actor, project, PROVED, mitigation, values)


def drop_mitigation(
    actor: Actor,
    project: Project,
    mitigation_and_risk: MitigationAndRisk,
    reason: str,
    expected_version: int,
) -> None:
    """Drop a mitigation. Raises `TooLate`, `Conflict`."""
    mitigation, risk = mitigation_and_risk
    _lock_open_mitigation(actor, project, mitigation, risk)
    check_version(mitigation, expected_version)
    _mark_settled(actor, mitigation)
    _update_mitigation(
        actor,
        project,
        DROPPED,
        mitigation,
        {"progress": MitigationProgress.DROPPED, "note": reason},
    )


def resume_mitigation(
    actor: Actor, project: Project, mitigation_and_risk: MitigationAndRisk
) -> None:
    """Resume a settled mitigation, and clear the residual risk when none is in place any more."""
    mitigation, risk = mitigation_and_risk
    lock_open_risk(actor, project, risk)
    db.session.refresh(mitigation)
    if not policy.can_resume(actor, project, risk, mitigation):
        return
    mitigation.settled_at, mitigation.settled_by_id = None, None
    _update_mitigation(
        actor, project, RESUMED, mitigation, {"progress": MitigationProgress.UNDER_WAY}
    )
    clear_residual(actor, project, risk)


def _mark_settled(actor: Actor, mitigation: Mitigation) -> None:
    mitigation.settled_at, mitigation.settled_by_id = clock.now(), actor.person_id


def _lock_open_mitigation(
    actor: Actor, project: Project, mitigation: Mitigation, risk: Risk
) -> None:
    lock_open_risk(actor, project, risk)
    db.session.refresh(mitigation)
    if not policy.can_follow(actor, project, risk, mitigation):
        sentence = _("Cette mesure est finie : reprenez-la d’abord.")
        raise TooLate(sentence, path_of_mitigation(project, mitigation.number))


def _check_owner(project: Project, owner_id: UUID | None) -> None:
    if owner_id and owner_id not in get_team_names(project):
        raise RuleBroken("owner", _("Cette personne n’est pas dans l’équipe."))


def _check_due(day: date | None) -> None:
    if fault := clock.find_due_date_problem(day):
        raise RuleBroken("due_on", fault)


def _update_mitigation(
    actor: Actor,
    project: Project,
    action: audit.Action,
    mitigation: Mitigation,
    values: Mapping[str, Any],
) -> None:
    for name, value in values.items():
        setattr(mitigation, name, value)
    changes = audit.changes_of(mitigation, leave_out=_UNAUDITED_FIELDS)
    if changes:
        _record(actor, project, action, mitigation, changes)


def _record(
    actor: Actor,
    project: Project,
    action: audit.Action,
    mitigation: Mitigation,
    changes: audit.Changes,
) -> None:
    path = path_of_mitigation(project, mitigation.number)
    facts = {"number": mitigation.number, "path": path}
    audit.record(actor, action, mitigation, scope_id=project.id, facts=facts, changes=changes)
