"""Hand a team over from one coach to another, in one transaction."""

from uuid import UUID

from portal.coaching.clinics.commands import reassign_clinics
from portal.coaching.coach_notes.commands import (
    direction_only_message,
    record_granted_request,
    require_waiting_request,
    write_note,
)
from portal.coaching.coach_notes.queries import find_waiting_request
from portal.oversight.coach_desk import policy, queries
from portal.oversight.coach_desk.queries import CoachAssignment
from portal.oversight.decisions.help_commands import hand_over_help_questions
from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope
from portal.people.programmes.queries import get_holder_name
from portal.people.programmes.role_commands import assign_role_from_pool, end_role
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.queries import get_scope_of


def hand_over_team(
    actor: Actor,
    project: Project,
    coached: CoachAssignment,
    successor: Person,
    note: str,
    *,
    request_id: UUID | None = None,
) -> None:
    """Give the successor the assignment, the help that is in its coach's hands and a coaches' note; end the
    former role.

    Raises `NotAllowed`, `RuleBroken` on `to` or `note`, and `Overtaken` where `request_id` is given, the id
    of the coach's note that asks it, and that request waits no more.
    """
    require(policy.can_hand_over(actor, project, coached.assignment), direction_only_message())
    if successor.id not in {
        person.id for person in queries.list_possible_successors(project, coached.assignment)
    }:
        raise RuleBroken("to", _("Cette personne ne peut pas reprendre cette équipe."))
    if not note.strip():
        raise RuleBroken("note", _("Écrivez ce que le suivant doit savoir."))
    scope = get_scope_of(project)
    before = coached.assignment.person_id
    if request_id is not None:
        lock_row(Scope, scope.id)  # before the project, as the roles below
        require_waiting_request(project, before, request_id, _build_withdrawn_message())
    names = {"before": get_holder_name(coached.assignment), "after": successor.name}
    heading = _("Passation de %(before)s à %(after)s.", **names)
    assign_role_from_pool(actor, scope, successor, policy.COACH, coached.track)
    reassign_clinics(actor, project, before, successor)
    hand_over_help_questions(actor, project, before, successor.id)
    write_note(actor, project, f"**{heading}**\n\n{note}")
    waiting = find_waiting_request(project, before)
    end_role(actor, scope, coached.assignment)
    if waiting and find_waiting_request(project, before) is None:  # no role of theirs is left to give
        record_granted_request(actor, project, waiting.id)


def _build_withdrawn_message() -> str:
    return _(
        "Cette demande n’attend plus : elle a été retirée, ou a déjà sa réponse. L’équipe n’est pas confiée ;"
        " pour la confier quand même, partez de « Coachs »."
    )
