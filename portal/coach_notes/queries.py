"""Reading the notes of a project's coaches. Whatever comes back, the actor may see."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.coach_notes import policy
from portal.coach_notes.models import CoachNote
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, Page


@dataclass(frozen=True)
class Written:
    """A note and who wrote it."""

    note: CoachNote
    author: str


def list_notes(actor: Actor, project: Project, page: int = 1) -> Page[Written]:
    """The latest first; the first page where it is beyond the last."""
    lines = (
        select(CoachNote, Person.name, func.count().over())
        .join(Person, Person.id == CoachNote.author_id)
        .where(CoachNote.project_id == project.id, policy.visible_to(actor))
        .order_by(CoachNote.number.desc())
    )
    found = db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    if not found and page > 1:
        return list_notes(actor, project)
    return Page([Written(*row[:2]) for row in found], found[0][2] if found else 0, page)


def get_note(actor: Actor, project: Project, number: int) -> CoachNote:
    """Raises `NotFound`."""
    one = select(CoachNote).where(
        CoachNote.project_id == project.id, CoachNote.number == number, policy.visible_to(actor)
    )
    note = db.session.scalar(one)
    if note is None:
        raise NotFound
    return note
