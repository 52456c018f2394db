"""Operations on coaches' notes, which answer 404 to whoever may not read them."""

from portal.coaching.coach_notes import commands, policy, queries, schemas
from portal.coaching.coach_notes.models import CoachNote
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.numbered_queries import PER_PAGE
from portal.project.projects.queries import get_project

area = ApiArea("coaching")


def _open_project_to_read_notes(actor: Actor, slug: str) -> Project:
    project = get_project(actor, slug)
    if not policy.can_read(actor, project):
        raise NotFound
    return project


@area.list("/projects/<slug>/coach-notes", schemas.CoachNoteSchema)
def list_coach_notes(call: ApiCall, slug: str) -> ApiPage:
    """List the coaches' notes on a project, latest first."""
    project = _open_project_to_read_notes(call.actor, slug)
    entries = call.page.gather_portal_pages(
        lambda page: queries.read_notes_page(call.actor, project, page), PER_PAGE, key_by_fields("note.id")
    )
    return ApiPage([entry.note for entry in entries.rows], entries.next_after)


# No stream: a reader of a programme's projects does not read their notes.
notes = NumberedApi(
    area,
    "coach-notes",
    ("coach_note", "coach_notes"),
    CoachNote,
    schemas.CoachNoteSchema,
    queries.get_note,
    open_project=_open_project_to_read_notes,
).gets()
notes.creates("write_coach_note", "Write a note.", commands.write_note, schemas.CoachNoteTextSchema)
notes.changes(
    "edit_coach_note", "Change a note of one's own.", commands.edit_note, schemas.CoachNoteTextSchema
)
notes.deletes(
    "delete_coach_note", "Delete a note of one's own, or any as the programme's lead.", commands.delete_note
)
