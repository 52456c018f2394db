"""Queries of coaches' notes; results are filtered by what the actor may see."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.coaching.coach_notes import policy
from portal.coaching.coach_notes.models import CoachNote
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import PER_PAGE, ListPage


@dataclass(frozen=True)
class AuthoredNote:
    """A note and its author's name."""

    note: CoachNote
    author: str


def list_notes(actor: Actor, project: Project, page: int = 1) -> ListPage[AuthoredNote]:
    """A page of a project's notes, latest first; page 1 when `page` is beyond the last."""
    lines = (
        select(CoachNote, Person.name, func.count().over())
        .join(Person, Person.id == CoachNote.author_id)
        .where(CoachNote.project_id == project.id, policy.visible_to(actor))
        .order_by(CoachNote.number.desc())
    )
    rows = db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    if not rows and page > 1:
        return list_notes(actor, project)
    return ListPage([AuthoredNote(*row[:2]) for row in rows], rows[0][2] if rows else 0, page)


def get_note(actor: Actor, project: Project, number: int) -> CoachNote:
    """Raises `NotFound`."""
    statement = select(CoachNote).where(
        CoachNote.project_id == project.id, CoachNote.number == number, policy.visible_to(actor)
    )
    note = db.session.scalar(statement)
    if note is None:
        raise NotFound
    return note
