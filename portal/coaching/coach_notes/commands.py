"""Write, edit and delete coaches' notes.

The audit trail records who wrote a note and when, never its text, and its actions have no feed
sentence.
"""

from portal.coaching.coach_notes import policy
from portal.coaching.coach_notes.models import BODY_MAX, CoachNote
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, lock_row
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import create_row

WRITTEN = audit.Action("coach_note.written")
EDITED = audit.Action("coach_note.edited")
DELETED = audit.Action("coach_note.deleted", ends=True)
AUTHOR_ONLY = _l("Seule la personne qui a écrit une note peut la changer.")


def write_note(actor: Actor, project: Project, body: str) -> CoachNote:
    """Create a note. Raises `NotFound` if the actor may not read notes, `RuleBroken` on `body`."""
    _require_reader(actor, project)
    _check_body(body)
    note = create_row(CoachNote, project, author_id=actor.person_id, body=body)
    audit.record(actor, WRITTEN, note, scope_id=project.id)
    return note


def edit_note(actor: Actor, project: Project, note: CoachNote, body: str, expected_version: int) -> None:
    """Replace the text; the old one is not kept. Raises `RuleBroken` on `body`, `Conflict`."""
    _require_reader(actor, project)
    require(policy.can_edit(actor, project, note), AUTHOR_ONLY)
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


def _require_reader(actor: Actor, project: Project) -> None:
    if not policy.can_read(actor, project):
        raise NotFound


def _check_body(body: str) -> None:
    if not body.strip():
        raise RuleBroken("body", _("Écrivez votre note."))
    if len(body) > BODY_MAX:
        raise RuleBroken("body", _("Cette note est trop longue."))
