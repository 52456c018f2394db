"""Queries of coaches' notes; results are filtered by what the actor may see."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.coaching.coach_notes import policy
from portal.coaching.coach_notes.models import CoachNote
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import get_scalar
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    ListPage,
    PageContainingNumber,
    find_page_number,
    read_joined_page,
)


@dataclass(frozen=True)
class AuthoredNote:
    """A note and its author's name."""

    note: CoachNote
    author: str


def list_notes(
    actor: Actor, project: Project, page: int | PageContainingNumber = 1
) -> ListPage[AuthoredNote]:
    """A page of a project's notes, latest first; page 1 when `page` is beyond the last."""
    lines = (
        select(CoachNote, Person.name)
        .join(Person, Person.id == CoachNote.author_id)
        .where(CoachNote.project_id == project.id, policy.visible_to(actor))
        .order_by(CoachNote.number.desc())
    )
    own = select(CoachNote.number).where(CoachNote.project_id == project.id, policy.visible_to(actor))
    page = find_page_number(own, page, CoachNote.number.desc())
    return read_joined_page(lines, page, AuthoredNote)


def get_note(actor: Actor, project: Project, number: int) -> CoachNote:
    """Raises `NotFound`."""
    statement = select(CoachNote).where(
        CoachNote.project_id == project.id, CoachNote.number == number, policy.visible_to(actor)
    )
    return get_scalar(statement)
