"""Claim, schedule, conduct and close help requests; for coaches of the project."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from portal.coaching.clinics import policy, queries
from portal.coaching.clinics.models import Clinic
from portal.people.accounts.models import Person
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, lock_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import require_due, require_past
from portal.sprints.sprints.models import Sprint

ClinicClaim = tuple[Clinic, Sprint]  # a claimed request, and the sprint that asked for help

CLAIMED = audit.Action("clinic.taken", _l("a pris la demande d’aide du sprint %(number)s"))
SCHEDULED = audit.Action("clinic.planned", _l("a fixé la clinique du sprint %(number)s"))
CONDUCTED = audit.Action("clinic.held", _l("a tenu la clinique du sprint %(number)s"))
REASSIGNED = audit.Action(
    "clinic.handed_over", _l("a confié la demande d’aide du sprint %(number)s à %(person)s")
)
CLOSED = audit.Action("clinic.closed", _l("a clos la demande d’aide du sprint %(number)s"))
COACHES_ONLY = _l("Seuls les coachs du projet prennent une demande d’aide.")


def claim_request(actor: Actor, project: Project, sprint: Sprint) -> Clinic:
    """Claim a help request, or take it over from another coach; idempotent for one's own claim.

    Raises `TooLate` when the request is closed or the team withdrew it.
    """
    require(policy.is_coach(actor, project), COACHES_ONLY)
    lock_row(Sprint, sprint.id)
    db.session.refresh(sprint)
    clinic = queries.find_clinic(sprint)
    if clinic is not None and clinic.taken_by_id == actor.person_id:
        return clinic
    if not policy.can_take(actor, project, clinic):
        raise _closed_error(project, sprint)
    if clinic is None:
        if not sprint.help_wanted or sprint.closed_at is None:
            raise TooLate(_("L’équipe ne demande plus cette aide."), _path_of(project, sprint))
        clinic = Clinic(
            project_id=project.id, sprint_id=sprint.id, requested_at=sprint.closed_at, taken_at=clock.now()
        )
        db.session.add(clinic)
    clinic.taken_by_id = actor.person_id
    audit.record(actor, CLAIMED, clinic, scope_id=project.id, facts=_audit_facts(project, sprint))
    return clinic


def schedule_clinic(
    actor: Actor, project: Project, claim: ClinicClaim, day: date, expected_version: int
) -> None:
    """Set or move the clinic's date. Raises `RuleBroken` on `planned_on`, `Conflict`, `TooLate`."""
    _require_and_lock_open_clinic(actor, project, claim, expected_version)
    require_due("planned_on", day)
    _save(actor, project, SCHEDULED, claim, {"planned_on": day})


def record_clinic(
    actor: Actor, project: Project, claim: ClinicClaim, day: date, expected_version: int
) -> None:
    """Record the day of the clinic. Raises `RuleBroken` on `held_on`, `Conflict`, `TooLate`."""
    _require_and_lock_open_clinic(actor, project, claim, expected_version)
    require_past("held_on", day)
    _save(actor, project, CONDUCTED, claim, {"held_on": day})


def close_request(
    actor: Actor, project: Project, claim: ClinicClaim, outcome: str, expected_version: int
) -> None:
    """Close the request with its outcome, whether or not a clinic took place.

    Raises `RuleBroken` on `outcome`, `Conflict`, `TooLate`.
    """
    _require_and_lock_open_clinic(actor, project, claim, expected_version)
    if not outcome:
        raise RuleBroken("outcome", _("Dites ce qui en est sorti."))
    clinic, _sprint = claim
    clinic.closed_at, clinic.closed_by_id = clock.now(), actor.person_id
    _save(actor, project, CLOSED, claim, {"outcome": outcome})


def reassign_clinics(actor: Actor, project: Project, before: UUID, to: Person) -> None:
    """Hand a coach's open claims in a project to another coach; the caller checks permission."""
    for clinic, sprint in queries.list_open_claims(project, before):
        clinic.taken_by_id = to.id
        facts = {**_audit_facts(project, sprint), "person_id": to.id}
        audit.record(actor, REASSIGNED, clinic, scope_id=project.id, facts=facts)


def _require_and_lock_open_clinic(
    actor: Actor, project: Project, claim: ClinicClaim, expected_version: int
) -> None:
    """Lock and refresh the row. Raises `TooLate` once it is closed."""
    require(policy.is_coach(actor, project), COACHES_ONLY)
    clinic, sprint = claim
    lock_row(Clinic, clinic.id)
    db.session.refresh(clinic)
    if not policy.can_manage(actor, project, clinic):
        raise _closed_error(project, sprint)
    check_version(clinic, expected_version)


def _closed_error(project: Project, sprint: Sprint) -> TooLate:
    return TooLate(_("Cette demande d’aide est déjà close."), _path_of(project, sprint))


def _path_of(project: Project, sprint: Sprint) -> str:
    return f"/projects/{project.slug}/clinics/{sprint.number}"


def _audit_facts(project: Project, sprint: Sprint) -> Mapping[str, Any]:
    return {"number": sprint.number, "path": _path_of(project, sprint)}


def _save(
    actor: Actor, project: Project, action: audit.Action, claim: ClinicClaim, values: Mapping[str, Any]
) -> None:
    clinic, sprint = claim
    for name, value in values.items():
        setattr(clinic, name, value)
    changes = audit.changes_of(clinic, leave_out=frozenset({"closed_at", "closed_by_id"}))
    if changes:
        facts = _audit_facts(project, sprint)
        audit.record(actor, action, clinic, scope_id=project.id, facts=facts, changes=changes)
