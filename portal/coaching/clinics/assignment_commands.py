"""Give a help request to a coach, or remind of it; for leads of the programme."""

from uuid import UUID

from portal.coaching.clinics import policy
from portal.coaching.clinics.commands import (
    build_request_audit_facts,
    create_claim,
    help_request_path,
    lock_request_and_find_claim,
    lock_sprint_and_find_clinic,
)
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import make_withdrawn_error
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.history import was_recorded_today
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.queries import list_coaches
from portal.sprints.sprints.models import Sprint

ASSIGNED = audit.Action("clinic.assigned", _l("a confié à %(person)s la demande d’aide du sprint %(number)s"))
REMINDED = audit.Action("clinic.reminded", _l("rappelle la demande d’aide du sprint %(number)s"))


def assign_request(
    actor: Actor, project: Project, sprint: Sprint, person_id: UUID, expected_version: int
) -> Clinic:
    """Give a request to one of the project's coaches, or to oneself; idempotent.

    `expected_version` is that of the claim that the actor read, 0 for none. Raises `RuleBroken` on
    `person`, `TooLate`, `Overtaken` as `claim_request` does.
    """
    require_may_assign_requests(actor, project)
    coaches = {holder.person.id for holder in list_coaches(project)}
    if person_id not in coaches | {actor.person_id}:
        raise RuleBroken("person", _("Choisissez un coach de ce projet."))
    clinic = lock_request_and_find_claim(project, sprint, person_id, expected_version)
    if clinic is None:
        clinic = create_claim(project, sprint, person_id)
    elif clinic.taken_by_id == person_id:
        return clinic
    clinic.taken_by_id = person_id
    facts = {**build_request_audit_facts(project, sprint), "person_id": person_id}
    audit.record(actor, ASSIGNED, clinic, scope_id=project.id, facts=facts)
    return clinic


def remind_of_request(actor: Actor, project: Project, sprint: Sprint) -> None:
    """Remind whoever took the request, else all the project's coaches; at most once a day.

    Raises `TooLate` once it is closed, within the day, and to whoever took it; `Overtaken` once the team
    withdrew it.
    """
    require_may_assign_requests(actor, project)
    clinic = lock_sprint_and_find_clinic(project, sprint)
    if clinic is None and sprint.help_requested_at is None:
        raise make_withdrawn_error(project)
    if not policy.can_assign(actor, project, clinic):
        raise TooLate(_("Cette demande d’aide est déjà close."), help_request_path(project, sprint))
    if not policy.can_remind(actor, project, clinic):
        raise TooLate(_("Vous avez pris cette demande d’aide vous-même."), help_request_path(project, sprint))
    if was_reminder_sent_today(sprint):
        sentence = _("Un rappel est déjà parti aujourd’hui : attendez demain.")
        raise TooLate(sentence, help_request_path(project, sprint))
    person = {"person_id": clinic.taken_by_id} if clinic else {}
    facts = {**build_request_audit_facts(project, sprint), **person}
    audit.record(actor, REMINDED, sprint, scope_id=project.id, facts=facts)


def was_reminder_sent_today(sprint: Sprint) -> bool:
    """Return whether a reminder of the sprint's request left today. One statement."""
    return was_recorded_today(sprint.id, REMINDED.code)


def require_may_assign_requests(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor leads the programme."""
    sentence = _("Seule la direction du programme confie ou rappelle une demande d’aide.")
    require(policy.may_assign_requests(actor, project), sentence)
