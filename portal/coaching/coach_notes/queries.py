"""Queries of coaches' notes; results are filtered by what the actor may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from portal.coaching.coach_notes import policy
from portal.coaching.coach_notes.models import CoachNote
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.queries import list_role_pool
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import Action, AuditEvent
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.project.projects.models import IS_NOT_OVER, Project
from portal.project.projects.numbered_queries import (
    ListPage,
    PageContainingNumber,
    find_page_number,
    read_joined_page,
)
from portal.project.projects.to_decide_queries import WAITING_MAX
from portal.project.projects.to_decide_rules import WaitingLineProject

HAND_OVER_GRANTED = Action("coach_note.hand_over_granted")
SAME_ACT = timedelta(seconds=5)  # at most between the two notes of a request


@dataclass(frozen=True)
class AuthoredNote:
    """A note and its author's name."""

    note: CoachNote
    author: str


def read_notes_page(
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


def list_other_coaches(actor: Actor, project: Project) -> Sequence[Person]:
    """Coaches of the programme's pool but the actor and those who have a track of theirs in the team."""
    own = aliased(RoleAssignment)
    holders = set(
        db.session.scalars(
            select(RoleAssignment.person_id)
            .join(
                own,
                (own.scope_id == RoleAssignment.scope_id)
                & (own.role == RoleAssignment.role)
                & own.track_id.is_not_distinct_from(RoleAssignment.track_id),
            )
            .where(
                RoleAssignment.scope_id == project.id,
                RoleAssignment.role == policy.COACH,
                own.person_id == actor.person_id,
            )
        )
    )
    pool = list_role_pool(project.programme_id, policy.COACH)
    return [person for person in pool if person.id not in {actor.person_id, *holders}]


_successor = aliased(Person)
# Of the author's role as a coach of the project since before the request: without it nothing is handed over.
_IS_AUTHOR_COACHING: ColumnElement[bool] = (
    (RoleAssignment.scope_id == CoachNote.project_id)
    & (RoleAssignment.person_id == CoachNote.author_id)
    & (RoleAssignment.role == policy.COACH)
    & (RoleAssignment.created_at <= CoachNote.hand_over_requested_at)
)
_IS_WAITING: ColumnElement[bool] = (
    CoachNote.hand_over_requested_at.is_not(None)
    & CoachNote.hand_over_refused_at.is_(None)
    & select(RoleAssignment.id).where(_IS_AUTHOR_COACHING).exists()
)


@dataclass(frozen=True)
class HandOverRequest:
    """A request that waits: who asks, why, since when, to whom they would hand the team over (the
    id and the name, None and "" where the lead is to choose)."""

    id: UUID
    number: int
    project: WaitingLineProject
    author_id: UUID
    author: str
    why: str
    requested_at: datetime
    to_id: UUID | None
    to: str


def _select_requests(*conditions: ColumnElement[bool]) -> Sequence[HandOverRequest]:
    """The requests that wait and fulfil conditions, the oldest first."""
    statement = (
        select(CoachNote, Project, Person.name, _successor.name)
        .join(Project, Project.id == CoachNote.project_id)
        .join(Person, Person.id == CoachNote.author_id)
        .outerjoin(_successor, _successor.id == CoachNote.hand_over_to_id)
        .where(_IS_WAITING, *conditions)
        .order_by(CoachNote.hand_over_requested_at, CoachNote.id)
        .limit(WAITING_MAX)
    )
    return [_build_request(*row) for row in db.session.execute(statement)]


def _build_request(note: CoachNote, project: Project, author: str, to: str | None) -> HandOverRequest:
    place = WaitingLineProject.of(project)
    moment: Any = note.hand_over_requested_at
    return HandOverRequest(
        note.id, note.number, place, note.author_id, author, note.body, moment, note.hand_over_to_id, to or ""
    )


def list_hand_over_requests(actor: Actor) -> Sequence[HandOverRequest]:
    """Those that wait in the programmes that the actor leads, the oldest first."""
    return _select_requests(policy.hand_over_answerable_by(actor), *IS_NOT_OVER)


def map_own_requests_by_project(actor: Actor) -> Mapping[UUID, HandOverRequest]:
    """The actor's own requests that wait, by the id of the project."""
    return {
        request.project.id: request for request in _select_requests(CoachNote.author_id == actor.person_id)
    }


def find_waiting_request(project: Project, author_id: UUID) -> HandOverRequest | None:
    """The request that waits of a coach in a project, if any."""
    requests = _select_requests(CoachNote.project_id == project.id, CoachNote.author_id == author_id)
    return requests[0] if requests else None


def find_note_for_successor(project: Project, request: HandOverRequest) -> str:
    """What the coach wrote with the request, in the note before it, for the next coach; "" without."""
    statement = select(CoachNote.body).where(
        CoachNote.project_id == project.id,
        CoachNote.author_id == request.author_id,
        CoachNote.number == request.number - 1,
        CoachNote.created_at >= request.requested_at - SAME_ACT,
        CoachNote.hand_over_requested_at.is_(None),
    )
    return db.session.scalar(statement) or ""


def map_waiting_requests(project: Project) -> Mapping[UUID, HandOverRequest]:
    """The requests that wait in a project, by the id of their note; the caller checked that the actor reads
    its notes."""
    return {request.id: request for request in _select_requests(CoachNote.project_id == project.id)}


def list_granted_request_ids(project: Project, requests: Sequence[CoachNote]) -> Collection[UUID]:
    """The ids of the notes whose request a hand-over carried out."""
    ids = [note.id for note in requests if note.hand_over_requested_at]
    if not ids:
        return ()
    statement = select(AuditEvent.subject_id).where(
        AuditEvent.scope_id == project.id,
        AuditEvent.action == HAND_OVER_GRANTED.code,
        AuditEvent.subject_id.in_(ids),
    )
    return set(db.session.scalars(statement))


def map_assignment_ids(requests: Sequence[HandOverRequest]) -> Mapping[tuple[UUID, UUID], Sequence[UUID]]:
    """The ids of the coach's roles of those who ask, by the ids of the project and of the person."""
    statement = (
        select(RoleAssignment.scope_id, RoleAssignment.person_id, RoleAssignment.id)
        .where(
            RoleAssignment.scope_id.in_([request.project.id for request in requests]),
            RoleAssignment.person_id.in_([request.author_id for request in requests]),
            RoleAssignment.role == policy.COACH,
        )
        .order_by(RoleAssignment.created_at, RoleAssignment.id)
    )
    ids: dict[tuple[UUID, UUID], list[UUID]] = {}
    for scope_id, person_id, id_ in db.session.execute(statement):
        ids.setdefault((scope_id, person_id), []).append(id_)
    return ids


def map_first_assignment_ids(requests: Sequence[HandOverRequest]) -> Mapping[UUID, UUID]:
    """The id of the first of the coach's roles to hand over, by the id of the note that asks it."""
    ids = map_assignment_ids(requests) if requests else {}
    return {request.id: ids[request.project.id, request.author_id][0] for request in requests}


def get_request_note(actor: Actor, id_: UUID) -> tuple[Project, CoachNote]:
    """The note of a request in a programme that the actor leads, and its project. Raises `NotFound`."""
    statement = (
        select(Project, CoachNote)
        .join(CoachNote, CoachNote.project_id == Project.id)
        .where(
            CoachNote.id == id_,
            CoachNote.hand_over_requested_at.is_not(None),
            policy.hand_over_answerable_by(actor),
        )
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return row[0], row[1]
