"""Adds, changes, starts, proves, drops and resumes mitigations."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from portal.collaboration.files.queries import has_files
from portal.ethics.risks import policy
from portal.ethics.risks.commands import clear_unmitigated_residual, lock_open_risk
from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import map_team_names_by_person
from portal.project.projects.work_commands import (
    changes_of_row,
    create_row,
    record_change,
    require_valid_due_date,
    save_change,
)

DECIDED = audit.Action("mitigation.decided", _l("a décidé la mesure %(number)s"))
CHANGED = audit.Action("mitigation.changed", _l("a modifié la mesure %(number)s"))
BEGUN = audit.Action("mitigation.begun", _l("a commencé la mesure %(number)s"))
PROVED = audit.Action("mitigation.proved", _l("a mis en place la mesure %(number)s"))
DROPPED = audit.Action("mitigation.dropped", _l("a abandonné la mesure %(number)s"))
RESUMED = audit.Action("mitigation.resumed", _l("a repris la mesure %(number)s"))

MitigationAndRisk = tuple[Mitigation, Risk]


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


def add_mitigation(actor: Actor, project: Project, risk: Risk, facts: MitigationFacts) -> Mitigation:
    """Add a mitigation. Raises `RuleBroken` on `owner` or `due_on`, `TooLate`."""
    lock_open_risk(actor, project, risk)
    _check_owner(project, facts.owner_id)
    require_valid_due_date("due_on", facts.due_on)
    mitigation = create_row(Mitigation, project, risk_id=risk.id, **asdict(facts))
    record_change(actor, DECIDED, mitigation, changes_of_row(mitigation), project=project)
    return mitigation


def change_mitigation(
    actor: Actor,
    project: Project,
    mitigation_and_risk: MitigationAndRisk,
    facts: MitigationFacts,
    expected_version: int,
) -> None:
    """Change a mitigation; an owner who left the team may stay. One in place keeps its words: what it
    lacks of owner and date is said.

    Raises as `add_mitigation`, `RuleBroken` on what one in place says already, and `Conflict`.
    """
    mitigation, risk = mitigation_and_risk
    lock_open_risk(actor, project, risk)
    reload_row(mitigation)
    completes = policy.can_complete_mitigation(actor, project, risk, mitigation)
    if not completes:
        _require_open_mitigation(actor, project, mitigation, risk)
    elif facts.what != mitigation.what:
        raise RuleBroken("what", _("La mesure est en place : reprenez-la d’abord pour en changer les mots."))
    check_version(mitigation, expected_version)
    if completes:
        _require_filled_kept(mitigation, facts)
    if facts.owner_id != mitigation.owner_id:
        _check_owner(project, facts.owner_id)
    if facts.due_on != mitigation.due_on and not (
        completes and facts.due_on and facts.due_on <= clock.today()
    ):
        require_valid_due_date("due_on", facts.due_on)
    save_change(actor, CHANGED, mitigation, asdict(facts), project=project)


def begin_mitigation(actor: Actor, project: Project, mitigation_and_risk: MitigationAndRisk) -> None:
    """Mark a mitigation as under way. Idempotent. Raises `TooLate`."""
    mitigation, risk = mitigation_and_risk
    _lock_open_mitigation(actor, project, mitigation, risk)
    if policy.can_begin_mitigation(actor, project, risk, mitigation):
        save_change(actor, BEGUN, mitigation, {"progress": MitigationState.UNDER_WAY}, project=project)


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
    values = {"progress": MitigationState.IN_PLACE, "proof_link": proof.link, "note": proof.note}
    _mark_settled(actor, mitigation)
    save_change(actor, PROVED, mitigation, values, project=project)


def drop_mitigation(
    actor: Actor, project: Project, mitigation_and_risk: MitigationAndRisk, reason: str, expected_version: int
) -> None:
    """Drop a mitigation. Raises `TooLate`, `Conflict`."""
    mitigation, risk = mitigation_and_risk
    _lock_open_mitigation(actor, project, mitigation, risk)
    check_version(mitigation, expected_version)
    _mark_settled(actor, mitigation)
    save_change(
        actor, DROPPED, mitigation, {"progress": MitigationState.DROPPED, "note": reason}, project=project
    )


def resume_mitigation(actor: Actor, project: Project, mitigation_and_risk: MitigationAndRisk) -> None:
    """Resume a settled mitigation, and clear the residual risk when none is in place any more."""
    mitigation, risk = mitigation_and_risk
    lock_open_risk(actor, project, risk)
    reload_row(mitigation)
    if not policy.can_resume_mitigation(actor, project, risk, mitigation):
        return
    mitigation.settled_at, mitigation.settled_by_id = None, None
    save_change(actor, RESUMED, mitigation, {"progress": MitigationState.UNDER_WAY}, project=project)
    clear_unmitigated_residual(actor, project, risk)


def _mark_settled(actor: Actor, mitigation: Mitigation) -> None:
    mitigation.settled_at, mitigation.settled_by_id = clock.now(), actor.person_id


def _lock_open_mitigation(actor: Actor, project: Project, mitigation: Mitigation, risk: Risk) -> None:
    lock_open_risk(actor, project, risk)
    reload_row(mitigation)
    _require_open_mitigation(actor, project, mitigation, risk)


def _require_open_mitigation(actor: Actor, project: Project, mitigation: Mitigation, risk: Risk) -> None:
    """Raise `TooLate` for a mitigation that is settled."""
    if not policy.can_change_mitigation(actor, project, risk, mitigation):
        sentence = _("Cette mesure est finie : reprenez-la d’abord.")
        raise TooLate(sentence, row_path(project, mitigation))


def _require_filled_kept(mitigation: Mitigation, facts: MitigationFacts) -> None:
    """Raise `RuleBroken` for another owner or date than one in place has already."""
    sentence = _("La mesure est en place : reprenez-la d’abord pour le changer.")
    if mitigation.owner_id and facts.owner_id != mitigation.owner_id:
        raise RuleBroken("owner", sentence)
    if mitigation.due_on and facts.due_on != mitigation.due_on:
        raise RuleBroken("due_on", sentence)


def _check_owner(project: Project, owner_id: UUID | None) -> None:
    if owner_id and owner_id not in map_team_names_by_person(project):
        raise RuleBroken("owner", _("Cette personne n’est pas dans l’équipe."))
