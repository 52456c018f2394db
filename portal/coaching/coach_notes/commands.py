"""Write, edit and delete coaches' notes, and ask in one to hand a team over.

The audit trail records who wrote a note and when, never its text, and its actions have no feed
sentence.
"""

from uuid import UUID

from portal.coaching.coach_notes import policy, queries
from portal.coaching.coach_notes.models import BODY_MAX, CoachNote
from portal.people.accounts.models import Person
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, lock_row
from portal.platform.kernel.errors import NotFound, Overtaken, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import create_row, lock_fresh

WRITTEN = audit.Action("coach_note.written")
EDITED = audit.Action("coach_note.edited")
DELETED = audit.Action("coach_note.deleted", ends=True)
HAND_OVER_REQUESTED = audit.Action("coach_note.hand_over_requested")
HAND_OVER_REFUSED = audit.Action("coach_note.hand_over_refused")
AUTHOR_ONLY = _l("Seule la personne qui a écrit une note peut la changer.")


def write_note(actor: Actor, project: Project, body: str) -> CoachNote:
    """Create a note. Raises `NotFound` if the actor may not read notes, `RuleBroken` on `body`."""
    _require_reader(actor, project)
    _check_body(body)
    note = create_row(CoachNote, project, author_id=actor.person_id, body=body)
    audit.record(actor, WRITTEN, note, scope_id=project.id)
    return note


def edit_note(actor: Actor, project: Project, note: CoachNote, body: str, expected_version: int) -> None:
    """Replace the text; the old one is not kept.

    Raises `RuleBroken` on `body`, `Conflict`, and `Overtaken` for a request that was refused.
    """
    _require_reader(actor, project)
    require(policy.can_edit(actor, project, note), AUTHOR_ONLY)
    if note.hand_over_refused_at is not None:
        raise Overtaken(_("Cette demande a déjà sa réponse : son texte ne change plus."))
    check_version(note, expected_version)
    _check_body(body)
    if body == note.body:
        return
    note.body, note.edited_at = body, clock.now()
    audit.record(actor, EDITED, note, scope_id=project.id)


def delete_note(actor: Actor, project: Project, note: CoachNote) -> None:
    """Delete the row."""
    _require_reader(actor, project)
    require(policy.can_delete(actor, project, note), AUTHOR_ONLY)
    lock_row(CoachNote, note.id)
    audit.record(actor, DELETED, note, scope_id=project.id)
    db.session.delete(note)


def request_hand_over(
    actor: Actor, project: Project, successor: Person | None, why: str, note_for_successor: str = ""
) -> CoachNote:
    """Write a note that asks to give the actor's team to a coach, or to whom the lead chooses; before it,
    in a note of its own, what that coach must know.

    Raises `NotAllowed` to whoever does not coach the team, `RuleBroken` on `to`, `why`, and without a field
    where a request of theirs waits already.
    """
    require(policy.can_request_hand_over(actor, project), coach_only_message())
    if successor is not None and successor not in queries.list_other_coaches(actor, project):
        sentence = _("Choisissez un coach du programme qui ne suit pas déjà cette équipe sur votre volet.")
        raise RuleBroken("to", sentence)
    if not why.strip():
        raise RuleBroken("why", _("Écrivez pourquoi."))
    if note_for_successor.strip():
        write_note(actor, project, note_for_successor)
    note = write_note(actor, project, why)  # which locks the project
    if queries.find_waiting_request(project, actor.person_id):
        raise RuleBroken(None, _("Vous l’avez déjà demandé : la direction n’a pas encore répondu."))
    note.hand_over_to_id = successor.id if successor else None
    note.hand_over_requested_at = clock.now()
    audit.record(actor, HAND_OVER_REQUESTED, note, scope_id=project.id, facts=_build_facts(project, note))
    return note


def refuse_hand_over(actor: Actor, project: Project, note: CoachNote, reason: str) -> None:
    """Answer that the coach keeps the team, in a note that coaches read.

    Raises `NotAllowed`, `RuleBroken` on `reason`, `NotFound` for a note that asks nothing, and `Overtaken`
    once somebody answered, or handed the team over.
    """
    require(policy.can_answer_hand_over(actor, project), direction_only_message())
    if not reason.strip():
        raise RuleBroken("reason", _("Écrivez votre réponse."))
    if note.hand_over_requested_at is None:
        raise NotFound
    require_waiting_request(project, note.author_id, note.id, _("Cette demande n’attend plus de réponse."))
    lock_fresh(note)
    heading = _("Passation non accordée : réponse à la note %(number)s.", number=note.number)
    answer = write_note(actor, project, f"**{heading}**\n\n{reason}")
    note.hand_over_refused_at = clock.now()
    facts = {"person_id": str(note.author_id), **_build_facts(project, answer)}
    audit.record(actor, HAND_OVER_REFUSED, note, scope_id=project.id, facts=facts)


def require_waiting_request(project: Project, author_id: UUID, note_id: UUID, message: str) -> None:
    """Lock the project and the note, and raise `Overtaken` with the message unless the author's request, by
    the id of its note, still waits."""
    lock_row(Project, project.id)  # whoever answers or carries out a request does so too
    lock_row(CoachNote, note_id)
    waiting = queries.find_waiting_request(project, author_id)
    if waiting is None or waiting.id != note_id:
        raise Overtaken(message)


def record_granted_request(actor: Actor, project: Project, note_id: UUID) -> None:
    """Record that a request, by the id of its note, is carried out, for the coach who left the team."""
    _project, note = queries.get_request_note(actor, note_id)
    facts = {"person_id": str(note.author_id), "project": project.short_name, "path": "/coaching"}
    audit.record(actor, queries.HAND_OVER_GRANTED, note, scope_id=project.id, facts=facts)


def _build_facts(project: Project, note: CoachNote) -> dict[str, str]:
    """Where the note is read."""
    return {"path": f"/projects/{project.slug}/coach-notes?at={note.number}#note-{note.number}"}


def coach_only_message() -> str:
    return _("Les coachs de l’équipe demandent à passer la main.")


def direction_only_message() -> str:
    return _("La direction du programme confie les équipes aux coachs.")


def _require_reader(actor: Actor, project: Project) -> None:
    if not policy.can_read(actor, project):
        raise NotFound


def _check_body(body: str) -> None:
    if not body.strip():
        raise RuleBroken("body", _("Écrivez votre note."))
    if len(body) > BODY_MAX:
        raise RuleBroken("body", _("Cette note est trop longue."))
