"""Claim, schedule, conduct and close help requests; for coaches of the project."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.coaching.clinics import policy, queries
from portal.coaching.clinics.claim_queries import list_open_claims
from portal.coaching.clinics.models import Clinic
from portal.communication.calendar.meeting_rules import require_hour_for_duration
from portal.people.accounts.models import Person
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import require_not_future, require_valid_due_date
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.timing_commands import lock_fresh_sprint

ClinicClaim = tuple[Clinic, Sprint]  # a claimed request, and the sprint that asked for help

CLAIMED = audit.Action("clinic.taken", _l("a pris la demande d’aide du sprint %(number)s"))
SCHEDULED = audit.Action("clinic.planned", _l("a fixé la clinique du sprint %(number)s"))
CONDUCTED = audit.Action("clinic.held", _l("a tenu la clinique du sprint %(number)s"))
REASSIGNED = audit.Action(
    "clinic.handed_over", _l("a confié la demande d’aide du sprint %(number)s à %(person)s")
)
CLOSED = audit.Action("clinic.closed", _l("a clos la demande d’aide du sprint %(number)s"))
GIVEN_BACK = audit.Action(
    "clinic.given_back", _l("a rendu la demande d’aide du sprint %(number)s, qui attend de nouveau")
)
GIVEN_BACK_VERSION = "version"  # the fact of a claim that is given back
RUNNERS_ONLY = _l("Seuls les coachs du projet et la direction du programme prennent une demande.")


def claim_request(
    actor: Actor, project: Project, sprint: Sprint, expected_version: int | None = None
) -> Clinic:
    """Claim a help request, or take it over from another coach; idempotent for one's own claim.

    `expected_version` is the version of the claim that the actor read, 0 for none. Raises `TooLate`
    when the request is closed, and `Overtaken` where somebody else took it or the team withdrew it
    meanwhile.
    """
    require_may_run_clinics(actor, project)
    clinic = lock_request_and_find_claim(project, sprint, actor.person_id, expected_version)
    if clinic is None:
        clinic = create_claim(project, sprint, actor.person_id)
    elif clinic.taken_by_id == actor.person_id:
        return clinic
    clinic.taken_by_id = actor.person_id
    audit.record(
        actor, CLAIMED, clinic, scope_id=project.id, facts=build_request_audit_facts(project, sprint)
    )
    return clinic


def give_back_request(actor: Actor, project: Project, sprint: Sprint, expected_version: int) -> None:
    """Have a request that one took wait again, before its day is fixed; idempotent.

    Raises `NotAllowed`, `Conflict`, `Overtaken` where somebody else has it, and `TooLate` once it is closed
    or has a day, and where nobody would see it wait: see `would_wait_again`.
    """
    require_may_run_clinics(actor, project)
    clinic = lock_sprint_and_find_clinic(project, sprint)
    if clinic is None:
        return
    page = help_request_path(project, sprint)
    if not policy.is_request_open(clinic):
        raise make_closed_error(project, sprint)
    if clinic.taken_by_id != actor.person_id:
        raise Overtaken(_("%(who)s s’en charge.", who=queries.get_claimant_name(clinic)), page)
    check_version(clinic, expected_version)
    if not policy.can_give_back(actor, project, clinic):
        raise TooLate(_("Sa date est fixée\u00a0: elle ne se rend plus. Closez-la, ou confiez-la."), page)
    if not queries.would_wait_again(project, sprint):
        sentence = _(
            "Rendue, elle n’attendrait plus\u00a0: l’équipe n’en demande plus, a clos un sprint depuis, ou"
            " ne travaille plus. Closez-la."
        )
        raise TooLate(sentence, page)
    release_claim(actor, project, sprint, clinic)


def release_claim(actor: Actor | None, project: Project, sprint: Sprint, clinic: Clinic) -> None:
    """Have a request wait again, and record it; the caller checks permission and has locked it."""
    facts = {**build_request_audit_facts(project, sprint), GIVEN_BACK_VERSION: clinic.version}
    db.session.delete(clinic)
    audit.record(actor, GIVEN_BACK, sprint, scope_id=project.id, facts=facts)


def lock_request_and_find_claim(
    project: Project, sprint: Sprint, person_id: UUID, expected_version: int | None
) -> Clinic | None:
    """Lock a request that is to be given to a person; return its claim, None when unclaimed.

    Raises `TooLate` once it is closed, `Overtaken` where somebody else than that person took it
    since `expected_version` (0: unclaimed, None: not checked).
    """
    clinic = lock_sprint_and_find_clinic(project, sprint)
    if clinic is None or clinic.taken_by_id == person_id:
        return clinic
    if not policy.is_request_open(clinic):
        raise make_closed_error(project, sprint)
    if expected_version is not None and clinic.version != expected_version:
        sentence = _(
            "%(who)s s’en occupe depuis que vous avez ouvert la page. Reprenez-la seulement si"
            " vous en êtes convenus.",
            who=queries.get_claimant_name(clinic),
        )
        raise Overtaken(sentence, help_request_path(project, sprint))
    return clinic


def lock_sprint_and_find_clinic(project: Project, sprint: Sprint) -> Clinic | None:
    """Lock and reload a sprint, and its clinic as it is now; None while its request is unclaimed."""
    lock_fresh_sprint(project, sprint)
    clinic = queries.find_latest_clinic_of_sprint(sprint)
    if clinic is not None:
        reload_row(clinic)
    return clinic


def create_claim(project: Project, sprint: Sprint, person_id: UUID) -> Clinic:
    """Make a person's claim of a request that nobody took; its versions go on from one that was given back,
    so that no page of that one fits. Raises `Overtaken` if the team withdrew it."""
    requested_at = sprint.help_requested_at
    if requested_at is None:
        raise queries.make_withdrawn_error(project)
    clinic = Clinic(
        project_id=project.id,
        sprint_id=sprint.id,
        requested_at=requested_at,
        taken_at=clock.now(),
        taken_by_id=person_id,
    )
    db.session.add(clinic)
    given_back = audit.AuditEvent.facts[GIVEN_BACK_VERSION].as_integer()
    same_sprint = audit.AuditEvent.subject_id == sprint.id, audit.AuditEvent.action == GIVEN_BACK.code
    last = db.session.scalar(select(func.max(given_back)).where(*same_sprint))
    if last is not None:
        db.session.flush()
        clinic.version = last + 1
    return clinic


@dataclass(frozen=True)
class ClinicMeeting:
    """When and where a clinic takes place; `hour` is HH:MM or "", `duration` in minutes."""

    planned_on: date
    hour: str = ""
    duration: int | None = None
    place: str = ""


def schedule_clinic(
    actor: Actor, project: Project, claim: ClinicClaim, meeting: ClinicMeeting, expected_version: int
) -> None:
    """Set or move the clinic. Raises `RuleBroken` on `planned_on` or `hour`, `Conflict`, `TooLate`."""
    _require_and_lock_open_clinic(actor, project, claim, expected_version)
    if meeting.planned_on != claim[0].planned_on:
        require_valid_due_date("planned_on", meeting.planned_on)
        _require_day_in_support(project, meeting.planned_on)
    require_hour_for_duration(meeting.hour, meeting.duration)
    _save_clinic(actor, project, SCHEDULED, claim, asdict(meeting))


def _require_day_in_support(project: Project, day: date) -> None:
    """Raise `RuleBroken` for a day after the support of a project that is still supported."""
    if clock.today() <= project.ends_on < day:
        last = format_day(project.ends_on)
        raise RuleBroken("planned_on", _("L’accompagnement se termine le %(day)s.", day=last))


def record_held_clinic(
    actor: Actor,
    project: Project,
    claim: ClinicClaim,
    day: date,
    expected_version: int,
    *,
    outcome: str = "",
) -> bool:
    """Record the day of the clinic; with its outcome close the request too, and return whether it is.

    Raises `RuleBroken` on `held_on`, `Conflict`, `TooLate`.
    """
    _require_and_lock_open_clinic(actor, project, claim, expected_version)
    require_not_future("held_on", day)
    _save_clinic(actor, project, CONDUCTED, claim, {"held_on": day})
    if outcome:
        db.session.flush()
        _close_clinic(actor, project, claim, outcome)
    return bool(outcome)


def close_request(
    actor: Actor, project: Project, claim: ClinicClaim, outcome: str, expected_version: int
) -> None:
    """Close the request with its outcome, whether or not a clinic took place.

    Raises `RuleBroken` on `outcome`, `Conflict`, `TooLate`.
    """
    _require_and_lock_open_clinic(actor, project, claim, expected_version)
    if not outcome:
        raise RuleBroken("outcome", _("Dites ce qui en est sorti."))
    _close_clinic(actor, project, claim, outcome)


def _close_clinic(actor: Actor, project: Project, claim: ClinicClaim, outcome: str) -> None:
    clinic, sprint = claim
    clinic.blocker_text = sprint.request_text
    clinic.closed_at, clinic.closed_by_id = clock.now(), actor.person_id
    _save_clinic(actor, project, CLOSED, claim, {"outcome": outcome})


def reassign_clinics(actor: Actor, project: Project, before: UUID, to: Person) -> None:
    """Hand a coach's open claims in a project to another coach; the caller checks permission."""
    lock_row(Project, project.id)  # whoever takes or closes one does so too
    for clinic, sprint in list_open_claims(project, before):
        clinic.taken_by_id = to.id
        facts = {**build_request_audit_facts(project, sprint), "person_id": to.id}
        audit.record(actor, REASSIGNED, clinic, scope_id=project.id, facts=facts)


def require_may_run_clinics(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor may take and run the project's clinics."""
    require(policy.may_run_clinics(actor, project), RUNNERS_ONLY)


def _require_and_lock_open_clinic(
    actor: Actor, project: Project, claim: ClinicClaim, expected_version: int
) -> None:
    """Lock and reload the sprint and its clinic. Raises `TooLate` once it is closed, and `Overtaken` where
    nobody has it: it was given back meanwhile."""
    require_may_run_clinics(actor, project)
    clinic, sprint = claim
    current = lock_sprint_and_find_clinic(project, sprint)
    if current is None:
        sentence = _("Personne ne s’en charge\u00a0: la demande a été rendue. Prenez-la d’abord.")
        raise Overtaken(sentence, help_request_path(project, sprint))
    if current is not clinic or not policy.can_run_clinic(actor, project, clinic):
        raise make_closed_error(project, sprint)
    check_version(clinic, expected_version)


def make_closed_error(project: Project, sprint: Sprint) -> TooLate:
    """What answers an act on a request that is closed."""
    return TooLate(_("Cette demande d’aide est déjà close."), help_request_path(project, sprint))


def help_request_path(project: Project, sprint: Sprint) -> str:
    """The path of a request's page."""
    return f"/projects/{project.slug}/clinics/{sprint.number}"


def build_request_audit_facts(project: Project, sprint: Sprint) -> Mapping[str, Any]:
    """The facts of every event about a request."""
    return {"number": sprint.number, "path": help_request_path(project, sprint)}


def _save_clinic(
    actor: Actor, project: Project, action: audit.Action, claim: ClinicClaim, values: Mapping[str, Any]
) -> None:
    clinic, sprint = claim
    for name, value in values.items():
        setattr(clinic, name, value)
    changes = audit.changes_of(clinic, leave_out=frozenset({"closed_at", "closed_by_id", "blocker_text"}))
    if changes:
        facts = dict(build_request_audit_facts(project, sprint))
        if action is SCHEDULED:
            facts |= {"meets_on": clinic.planned_on, "hour": clinic.hour, "duration": clinic.duration}
        audit.record(actor, action, clinic, scope_id=project.id, facts=facts, changes=changes)
