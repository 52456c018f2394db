"""Reading projects. Whatever comes back, the actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.people.accounts.models import Person
from portal.people.accounts.queries import names_of
from portal.people.programmes import policy as programmes_policy
from portal.people.programmes import queries as programmes
from portal.people.programmes.models import Programme, RoleAssignment, Scope, Track
from portal.people.programmes.queries import Holder
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import fetch_scalars
from portal.project.projects import policy
from portal.project.projects.models import Project, ProjectTrack

FEED_PAGE = 30


@dataclass(frozen=True)
class FeedEntry:
    """A line of a project's feed: who did what, when.

    `path` shows what it is about, while that is there; `page` is where the discussion stands.
    """

    event: AuditEvent
    who: str
    sentence: str
    path: str | None
    page: str | None


def get_project(actor: Actor, slug: str) -> Project:
    project = _find_project(actor, slug)
    if project is None:
        raise NotFound
    return project


def _find_project(actor: Actor, slug: str) -> Project | None:
    return db.session.scalar(_BY_SLUG, {"slug": slug, **policy.reach_parameters(actor)})


_BY_SLUG = select(Project).where(Project.slug == bindparam("slug"), policy.VISIBLE)


def find_current_project(actor: Actor, slug: str | None) -> Project | None:
    """The project a page belongs to, or without one the only project whose team the actor is in."""
    if slug is not None:
        read = _find_loaded_project(slug)
        if read is not None:
            return read if policy.can_read(actor, read) else None
        return _find_project(actor, slug)
    own = actor.scopes_with(*programmes_policy.TEAM)
    if len(own) != 1:
        return None
    return db.session.get(Project, own[0])


def _find_loaded_project(slug: str) -> Project | None:
    """What this request has read already, by a slug in its path. Whoever reads a report of it may
    see no more of the project."""
    for row in db.session.identity_map.values():
        if isinstance(row, Project) and row.__dict__.get("slug") == slug:
            return row
    return None


def list_projects(actor: Actor, *, limit: int = 100, offset: int = 0) -> Sequence[Project]:
    """By organisation, as a French dictionary would."""
    projects = select(Project).where(policy.visible_to(actor))
    ordered = projects.order_by(Project.organisation_fold, Project.slug)
    return db.session.scalars(ordered.limit(limit).offset(offset)).all()


def count_projects(actor: Actor) -> int:
    project_count = select(func.count()).select_from(Project).where(policy.visible_to(actor))
    return db.session.scalar(project_count) or 0


def short_names_of(ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """The short names of projects that the caller was already allowed to see, in one query."""
    project_ids = set(ids)
    if not project_ids:
        return {}
    projects = db.session.scalars(select(Project).where(Project.id.in_(project_ids)))
    return {project.id: project.short_name for project in projects}


def get_programme_of(project: Project) -> Programme:
    return db.session.scalars(select(Programme).where(Programme.id == project.programme_id)).one()


def read_programme_and_tracks(project: Project) -> tuple[Programme, Sequence[Track]]:
    """Its programme, and the tracks on which it is supported; in one query."""
    rows = db.session.execute(
        select(Programme, Track)
        .select_from(Programme)
        .outerjoin(ProjectTrack, ProjectTrack.project_id == project.id)
        .outerjoin(Track, Track.id == ProjectTrack.track_id)
        .where(Programme.id == project.programme_id)
        .order_by(Track.position)
    ).all()
    return rows[0][0], [track for _programme, track in rows if track is not None]


def get_scope_of(project: Project) -> Scope:
    return programmes.get_scope(project.id)


def list_tracks(project: Project) -> Sequence[Track]:
    """The tracks on which a project is supported."""
    on = select(Track).join(ProjectTrack, ProjectTrack.track_id == Track.id)
    project_tracks = on.where(ProjectTrack.project_id == project.id)
    return db.session.scalars(project_tracks.order_by(Track.position)).all()


def get_on_track(project: Project, track: Track) -> ProjectTrack:
    """That a project is supported on a track."""
    on = ProjectTrack.project_id == project.id, ProjectTrack.track_id == track.id
    return db.session.scalars(select(ProjectTrack).where(*on)).one()


def get_track(project: Project, track_id: UUID) -> Track:
    for track in list_tracks(project):
        if track.id == track_id:
            return track
    raise NotFound


def get_from_pool(project: Project, role: Role, person_id: UUID) -> Person:
    """Someone of the programme who may be given this role in its projects."""
    for person in programmes.list_pool(project.programme_id, role):
        if person.id == person_id:
            return person
    raise NotFound


def list_team(project: Project) -> Sequence[Holder]:
    return programmes.list_holders(project.id, *programmes_policy.TEAM)


def get_team_names(project: Project) -> dict[UUID, str]:
    """The team's names by their ids, each person once whatever roles they hold."""
    return {holder.person.id: holder.person.name for holder in list_team(project)}


def list_coaches(project: Project) -> Sequence[Holder]:
    return programmes.list_holders(project.id, *programmes_policy.COACHES)


def list_reviewers(project: Project) -> Sequence[Holder]:
    return programmes.list_holders(project.id, *programmes_policy.REVIEWERS)


@dataclass(frozen=True)
class ProjectPeople:
    """Everybody who holds a role in a project, by what they are there."""

    team: Sequence[Holder]
    coaches: Sequence[Holder]
    reviewers: Sequence[Holder]


def read_people(project: Project) -> ProjectPeople:
    """The three lists above, in one query."""
    everybody = programmes.list_holders(project.id)
    kinds = programmes_policy.TEAM, programmes_policy.COACHES, programmes_policy.REVIEWERS
    return ProjectPeople(
        *([holder for holder in everybody if holder.assignment.role in of] for of in kinds)
    )


def find_slugs(prefix: str) -> frozenset[str]:
    """The slugs that are taken and begin like this one."""
    slugs = select(Project.slug).where(Project.slug.startswith(prefix, autoescape=True))
    return frozenset(db.session.scalars(slugs))


def get_assignment(project: Project, assignment_id: UUID) -> RoleAssignment:
    """A role held in a project that the caller was already allowed to see."""
    return programmes.get_assignment(project.id, assignment_id)


def list_feed(
    project: Project, before: UUID | None = None
) -> tuple[Sequence[FeedEntry], UUID | None]:
    """A page of the feed, newest first, and where the next page begins (None at the end).

    The caller was already allowed to see the project.
    """
    feed_actions = [action.code for action in audit.ACTIONS.values() if action.sentence is not None]
    events = select(AuditEvent).where(
        AuditEvent.scope_id == project.id, AuditEvent.action.in_(feed_actions)
    )
    if before is not None:
        events = events.where(AuditEvent.id < before)
    page = db.session.scalars(events.order_by(AuditEvent.id.desc()).limit(FEED_PAGE + 1)).all()
    names = names_of([i for event in page for i in (event.actor_id, _find_named_person(event))])
    removed_ids = _find_removed(page)
    entries = [
        _build_feed_entry(
            event, names, None if event.subject_id in removed_ids else _event_path(event, project)
        )
        for event in page[:FEED_PAGE]
    ]
    return entries, page[FEED_PAGE - 1].id if len(page) > FEED_PAGE else None


def _find_removed(events: Sequence[AuditEvent]) -> frozenset[UUID]:
    """What these lines are about and is not there any more, as the trail itself tells."""
    ending = [action.code for action in audit.ACTIONS.values() if action.ends]
    about = [event.subject_id for event in events]
    ended = select(AuditEvent.subject_id).where(
        AuditEvent.subject_id.in_(about), AuditEvent.action.in_(ending)
    )
    return frozenset(db.session.scalars(ended))


# Where what a line is about is seen, below the project's page, by its table.
_PATHS_BY_SUBJECT = {
    "sprint": "/sprints/{number}",
    "target_group": "/file/groups",
    "assumption": "/file/assumptions",
    "interview": "/file/interviews",
    "impact_metric": "/file/impact/{number}",
    "data_source": "/file/data/{number}",
    "prototype_version": "/file/prototypes/{number}",
    "evaluation_protocol": "/file/evaluation/{number}",
    "measurement": "/file/impact",
    "evaluation_run": "/file/evaluation",
    "pivot": "/file/evaluation",
    "sheet": "/file/sheets/{number}",
}


def _event_path(event: AuditEvent, project: Project) -> str:
    """Where whoever reads the project sees what a line is about."""
    here = f"/projects/{project.slug}"
    if event.subject == "comment":
        return f"/comments/{event.subject_id}"
    if "page" in event.facts:
        return f"{event.facts['page']}#discussion"
    if "path" in event.facts:
        return str(event.facts["path"])
    if event.subject in _PATHS_BY_SUBJECT:
        return here + _PATHS_BY_SUBJECT[event.subject].format(number=event.facts["number"])
    if event.action.startswith("item."):
        return f"{here}/backlog"
    return f"{here}/team" if event.action.startswith("role.") else here


def _find_named_person(event: AuditEvent) -> UUID | None:
    return UUID(event.facts["person_id"]) if "person_id" in event.facts else None


def _build_feed_entry(event: AuditEvent, names: Mapping[UUID, str], path: str | None) -> FeedEntry:
    person = _find_named_person(event)
    sentence = action_sentence(event.action, event.facts, names.get(person, "?") if person else "")
    who = names.get(event.actor_id, "") if event.actor_id else ""
    return FeedEntry(event, who, sentence, path, event.facts.get("page"))


def action_sentence(action: str, facts: Mapping[str, Any], person: str) -> str:
    """The sentence of a deed in the reader's language; `person` is the name of whom it is about."""
    return fill_sentence(str(audit.ACTIONS[action].sentence), facts, person)


def fill_sentence(sentence: str, facts: Mapping[str, Any], person: str) -> str:
    """The same with a sentence of one's own."""
    values = dict(facts) | {"person": person}
    if "role" in values:
        values["role"] = str(programmes_policy.ROLE_LABELS[Role(values["role"])])
    return sentence % values


def read_figures(project: Project, figures: tuple[Any, ...]) -> Sequence[Any]:
    """The values of scalar subqueries about a project that the caller was already allowed to see;
    they name it `project`."""
    return fetch_scalars(figures, project=project.id)
