"""Factories of valid rows; a test gives only relevant fields."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from portal.collaboration.discussions import comment_count_projections as discussion_figures
from portal.collaboration.discussions.models import Comment, Discussion, Thread
from portal.oversight.decisions import projections as decision_figures
from portal.oversight.decisions.models import AwaitedDecision
from portal.people.accounts.models import AddressChange, OpenSession, PasswordReset, Person
from portal.people.programmes.models import (
    INSTALLATION,
    Invitation,
    Programme,
    RoleAssignment,
    Scope,
    ScopeKind,
    Track,
)
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.text import fold
from portal.project.projects import projections as project_figures
from portal.project.projects.models import Project, ProjectTrack
from portal.project.projects.numbered_queries import next_row_number
from portal.sprints.backlog.models import Item, Iteration
from portal.sprints.backlog.rank_rules import GAP
from portal.sprints.sprints import projections as sprint_figures
from portal.sprints.sprints.models import Sprint, SprintOutcome
from tests.support.keeping import kept, write

_numbers = count(1)


@kept
def person(**given: Any) -> Person:
    n = next(_numbers)
    usual = {"name": f"Personne {n}", "email": f"p{n}@demo.example", "handle": f"personne-{n}"}
    return write(Person(**usual | given))


@kept
def session(person: Person, **given: Any) -> OpenSession:
    usual = {
        "token_hash": f"hash {next(_numbers)}",
        "expires_at": clock.now() + timedelta(days=7),
        "last_seen_at": clock.now(),
    }
    return write(OpenSession(person_id=person.id, **usual | given))


@kept
def password_reset(person: Person | None, **given: Any) -> PasswordReset:
    usual = {"expires_at": clock.now() + timedelta(hours=1)}
    return write(PasswordReset(person_id=person and person.id, **usual | given))


@kept
def address_change(person: Person, **given: Any) -> AddressChange:
    """Create a pending change requested from a session of its own, not confirmed."""
    usual = {
        "session_id": session(person).id,
        "email": f"new{next(_numbers)}@demo.example",
        "expires_at": clock.now() + timedelta(hours=24),
    }
    return write(AddressChange(person_id=person.id, **usual | given))


@kept
def scope(kind: ScopeKind, parent_id: UUID = INSTALLATION, **given: Any) -> Scope:
    return write(Scope(kind=kind, parent_id=parent_id, **given))


@kept
def programme(**given: Any) -> Programme:
    """Create a programme with two tracks, technical and strategic."""
    n = next(_numbers)
    usual = {
        "slug": f"programme-{n}",
        "name_fr": f"Programme {n}",
        "name_en": f"Programme {n}",
        "starts_on": clock.today() - timedelta(days=90),
    }
    made = write(Programme(id=scope(ScopeKind.PROGRAMME).id, **usual | given))
    for position, key in enumerate(["technical", "strategic"]):
        track(made, key=key, position=position)
    return made


@kept
def track(programme: Programme, **given: Any) -> Track:
    usual = {"key": "extra", "position": 9}
    named = usual | given
    return write(Track(programme_id=programme.id, name_fr=named["key"], name_en=named["key"], **named))


def tracks_of(programme: Programme) -> dict[str, Track]:
    rows = db.session.query(Track).filter_by(programme_id=programme.id).all()
    return {row.key: row for row in rows}


@kept
def project(programme_: Programme | None = None, **given: Any) -> Project:
    """Create a project on every track of its programme, created on its first day."""
    n = next(_numbers)
    programme_ = programme_ or programme()
    starts_on = given.get("starts_on", programme_.starts_on)
    usual = {
        "slug": f"projet-{n}",
        "organisation": f"Organisation {n}",
        "acronym": f"ORG {n}",
        "title_fr": f"Titre {n}",
        "title_en": f"Title {n}",
        "starts_on": starts_on,
        "ends_on": programme_.starts_on + timedelta(days=300),
    }
    values = usual | given
    began = min(clock.now(), datetime.combine(starts_on, time(8), UTC))
    place = scope(ScopeKind.PROJECT, programme_.id, created_at=values.pop("created_at", began))
    talk = discussion(place.id, page=f"/projects/{values['slug']}/discussions")
    made = write(
        Project(
            id=place.id,
            programme_id=programme_.id,
            discussion_id=talk.id,
            organisation_fold=fold(values["organisation"]),
            **values,
        )
    )
    project_figures.update_project_figures([made.id])
    for track in tracks_of(programme_).values():
        write(ProjectTrack(project_id=made.id, track_id=track.id))
    return made


@kept
def discussion(scope_id: UUID, page: str = "/") -> Discussion:
    return write(Discussion(scope_id=scope_id, page=page))


@kept
def role(where: UUID, role: Role, who: Person | None = None, **given: Any) -> Person:
    """Return a person with a role in a scope (the id of a project or programme)."""
    who = who or person()
    write(RoleAssignment(scope_id=where, person_id=who.id, role=role, **given))
    return who


def holder(role_: Role, project: Project) -> Person:
    """Return a person with a role in the scope where it exists: project, programme or above."""
    at_project = {Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.COACH, Role.ETHICS_REVIEWER}
    if role_ in at_project:
        return role(project.id, role_)
    return role(INSTALLATION if role_ is Role.ADMINISTRATOR else project.programme_id, role_)


def actor(person: Person) -> Actor:
    return actor_for(person.id)


@kept
def sprint(project: Project, **given: Any) -> Sprint:
    """Create a planned sprint; give `started_at`, or use `closed_sprint`."""
    number = given.pop("number", 1)
    usual = {
        "goal": "Apprendre",
        "starts_on": date(2026, 3, 2) + timedelta(days=14 * (number - 1)),
        "ends_on": date(2026, 3, 13) + timedelta(days=14 * (number - 1)),
    }
    talk = discussion(project.id, page=f"/projects/{project.slug}/sprints/{number}")
    made = write(Sprint(project_id=project.id, discussion_id=talk.id, number=number, **usual | given))
    write(
        Iteration(
            id=made.id,
            project_id=project.id,
            number=number,
            started_at=made.started_at,
            closed_at=made.closed_at,
        )
    )
    sprint_figures.update_project_figures(project.id)
    if made.closed_at is not None and made.decision_awaited:
        _decision(project, made)
    return made


def _decision(project: Project, closed: Sprint) -> None:
    """Create the decision that the log of a closed sprint asks for."""
    number = next_row_number(AwaitedDecision, project)
    talk = discussion(project.id, page=f"/projects/{project.slug}/decisions/{number}")
    write(
        AwaitedDecision(
            project_id=project.id,
            discussion_id=talk.id,
            number=number,
            question=closed.decision_awaited,
            origin_sprint_id=closed.id,
            created_at=closed.closed_at,
        )
    )
    decision_figures.update_project_figures(project.id)


@kept
def item(project: Project, sprint: Sprint | None = None, **given: Any) -> Item:
    """Create an item at the end of the backlog, or of a sprint."""
    n = next(_numbers)
    usual = {"number": n, "title": f"Élément {n}", "rank": n * GAP}
    values = usual | given
    talk = discussion(project.id, page=f"/projects/{project.slug}/backlog/{values['number']}")
    return write(
        Item(
            project_id=project.id,
            discussion_id=talk.id,
            iteration_id=sprint.id if sprint else None,
            title_fold=fold(values["title"]),
            **values,
        )
    )


def iteration_of(sprint: Sprint) -> Iteration:
    """Return the backlog's row of a sprint."""
    return db.session.query(Iteration).filter_by(id=sprint.id).one()


def active_sprint(project: Project, **given: Any) -> Sprint:
    return sprint(project, **{"started_at": clock.now()} | given)


def closed_sprint(project: Project, **given: Any) -> Sprint:
    now = clock.now()
    usual = {"started_at": now, "closed_at": now, "outcome": SprintOutcome.MET, "summary": "Fait."}
    return sprint(project, **usual | given)


@kept
def comment(discussion_id: UUID, author: Person, body: str = "Bonjour.", **given: Any) -> Comment:
    """Create the first comment of a new thread."""
    thread = write(Thread(discussion_id=discussion_id))
    values = {"thread_id": thread.id, "discussion_id": discussion_id, "author_id": author.id}
    made = write(Comment(**values | {"body": body} | given))
    discussion_figures.refresh_comment_count(discussion_id)
    return made


@kept
def invitation(**given: Any) -> Invitation:
    usual = {"email": f"invite{next(_numbers)}@demo.example", "expires_at": clock.now() + timedelta(days=7)}
    return write(Invitation(**usual | given))


@kept
def letter(**given: Any) -> OutboxMessage:
    """Create the letter of an invitation, due now."""
    id_ = new_id()
    usual = {
        "kind": "invitation",
        "address": f"lettre{next(_numbers)}@demo.example",
        "locale": "fr",
        "facts": {
            "id": str(id_),
            "inviter": "Camille Roux",
            "place_fr": "AMI IA",
            "place_en": "AI call",
            "role": "Coach",
            "expires_at": "2026-12-08T10:00:00+00:00",
        },
        "message_key": id_.hex,
        "due_at": clock.now(),
    }
    return write(OutboxMessage(**usual | given))
