"""Queries on projects and their people. Results are limited to what the actor sees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.people.accounts.models import Person
from portal.people.programmes import policy as programmes_policy
from portal.people.programmes import queries as programmes
from portal.people.programmes.models import Programme, RoleAssignment, Scope, Track
from portal.people.programmes.queries import RoleHolder
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.kernel.subqueries import fetch_scalar_subqueries
from portal.platform.kernel.text import format_sentence, in_reader_language, lower_first
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.project.projects import policy
from portal.project.projects.models import Project, ProjectTrack


def get_project(actor: Actor, slug: str) -> Project:
    """Return a project; raises `NotFound` unless the actor reads it."""
    return require_row(_find_project(actor, slug))


def get_cached_project(actor: Actor, slug: str) -> Project:
    """The same, read once until something changes: for pages that are often asked for."""
    project = cache_until_change(actor, ("project", slug), lambda: _load_project(slug))
    _remember_loaded_project(project)
    return require_row(project if project is not None and policy.can_read(actor, project) else None)


def _find_project(actor: Actor, slug: str) -> Project | None:
    project = _find_loaded_project(slug)
    if project is None:
        project = _load_project(slug)
        _remember_loaded_project(project)
    return project if project is not None and policy.can_read(actor, project) else None


def _load_project(slug: str) -> Project | None:
    project: Project | None = db.session.scalar(_BY_SLUG, {"slug": slug})
    return project


def _remember_loaded_project(project: Project | None) -> None:
    """Have the rest of the request find it: its menu, a form in place."""
    db.session.info[_LAST_PROJECT] = project


_LAST_PROJECT = "the project loaded last"
_BY_SLUG = select(Project).where(Project.slug == bindparam("slug"))


def find_project_by_slug_or_only_project(actor: Actor, slug: str | None) -> Project | None:
    """Return the project of a page by its slug, or else the actor's only project as a member."""
    if slug is not None:
        return _find_project(actor, slug)
    own = actor.scopes_with(*programmes_policy.TEAM)
    if len(own) != 1:
        return None
    return db.session.get(Project, own[0])


def find_project_of_scope(scope_id: UUID) -> Project | None:
    """Return the project of a scope that the caller may see; usually this request has loaded it."""
    last: Project | None = db.session.info.get(_LAST_PROJECT)
    if last is not None and last.__dict__.get("id") == scope_id:
        return last
    return db.session.get(Project, scope_id)


def get_project_of_scope(actor: Actor, scope_id: UUID) -> Project:
    """Return the project of a scope; raises `NotFound` unless the actor reads it."""
    project = find_project_of_scope(scope_id)
    return require_row(project if project is not None and policy.can_read(actor, project) else None)


def _find_loaded_project(slug: str) -> Project | None:
    """Return the project if this request has loaded it already.

    The caller checks the permission: a reader of a report may not see the rest of the project.
    """
    for row in (db.session.info.get(_LAST_PROJECT), *db.session.identity_map.values()):
        if isinstance(row, Project) and row.__dict__.get("slug") == slug:
            return row
    return None


def list_projects(actor: Actor, *, limit: int = 100, offset: int = 0) -> Sequence[Project]:
    """List the projects that the actor reads, by organisation in French alphabetical order."""
    projects = select(Project).where(policy.visible_to(actor))
    ordered = projects.order_by(Project.organisation_fold, Project.slug)
    return db.session.scalars(ordered.limit(limit).offset(offset)).all()


def count_projects(actor: Actor) -> int:
    project_count = select(func.count()).select_from(Project).where(policy.visible_to(actor))
    return db.session.scalar(project_count) or 0


def programme_has_project(programme_id: UUID) -> bool:
    """Tell whether a programme that the caller leads has any project."""
    first = select(Project.id).where(Project.programme_id == programme_id).limit(1)
    return db.session.scalar(first) is not None


def list_projects_by_ids(ids: Iterable[UUID]) -> Sequence[Project]:
    """Return projects that the caller was allowed to see, in one query."""
    project_ids = set(ids)
    return db.session.scalars(select(Project).where(Project.id.in_(project_ids))).all() if project_ids else []


def get_programme_of(project: Project) -> Programme:
    return db.session.scalars(select(Programme).where(Programme.id == project.programme_id)).one()


def get_scope_of(project: Project) -> Scope:
    return programmes.get_scope(project.id)


def list_tracks(project: Project) -> Sequence[Track]:
    """List the tracks on which a project is supported."""
    tracks = select(Track).join(ProjectTrack, ProjectTrack.track_id == Track.id)
    project_tracks = tracks.where(ProjectTrack.project_id == project.id)
    return db.session.scalars(project_tracks.order_by(Track.position)).all()


def get_project_track(project: Project, track: Track) -> ProjectTrack:
    """Return the link row between a project and one of its tracks."""
    keys = ProjectTrack.project_id == project.id, ProjectTrack.track_id == track.id
    return db.session.scalars(select(ProjectTrack).where(*keys)).one()


def get_track(project: Project, track_id: UUID) -> Track:
    """Return one of the project's tracks; raises `NotFound`."""
    for track in list_tracks(project):
        if track.id == track_id:
            return track
    raise NotFound


def get_programme_role_holder(project: Project, role: Role, person_id: UUID) -> Person:
    """Return a holder of a role in the programme; raises `NotFound` for anybody else."""
    for person in programmes.list_role_pool(project.programme_id, role):
        if person.id == person_id:
            return person
    raise NotFound


def list_team(project: Project) -> Sequence[RoleHolder]:
    return programmes.list_holders(project.id, *programmes_policy.TEAM)


def map_team_names_by_person(project: Project) -> dict[UUID, str]:
    """Return the names of the team's members by person id, each person once."""
    return {row[0]: row[1] for row in db.session.execute(_TEAM_NAMES, {"project": project.id})}


_TEAM_NAMES = (
    select(Person.id, Person.name)
    .join(RoleAssignment, RoleAssignment.person_id == Person.id)
    .where(RoleAssignment.scope_id == bindparam("project"), RoleAssignment.role.in_(programmes_policy.TEAM))
    .order_by(Person.name, RoleAssignment.id)
)


def list_team_choices(project: Project) -> list[tuple[UUID, str]]:
    """Return (id, name) of each member of the team, for a choice between them."""
    return list(map_team_names_by_person(project).items())


def list_coaches(project: Project) -> Sequence[RoleHolder]:
    return programmes.list_holders(project.id, *programmes_policy.COACHES)


def list_reviewers(project: Project) -> Sequence[RoleHolder]:
    return programmes.list_holders(project.id, *programmes_policy.REVIEWERS)


@dataclass(frozen=True)
class ProjectPeople:
    """The holders of roles in a project, by group."""

    team: Sequence[RoleHolder]
    coaches: Sequence[RoleHolder]
    reviewers: Sequence[RoleHolder]


def read_people(project: Project) -> ProjectPeople:
    """Return the three lists above in one query."""
    holders = programmes.list_holders(project.id)
    groups = programmes_policy.TEAM, programmes_policy.COACHES, programmes_policy.REVIEWERS
    return ProjectPeople(
        *([holder for holder in holders if holder.assignment.role in roles] for roles in groups)
    )


def list_slugs_with_prefix(prefix: str) -> frozenset[str]:
    """Return the slugs in use that begin with a prefix."""
    slugs = select(Project.slug).where(Project.slug.startswith(prefix, autoescape=True))
    return frozenset(db.session.scalars(slugs))


def get_role_assignment(project: Project, assignment_id: UUID) -> RoleAssignment:
    """Return a role in a project that the caller was allowed to see; raises `NotFound`."""
    return programmes.get_assignment(project.id, assignment_id)


def action_sentence(action: str, facts: Mapping[str, Any], person: str) -> str:
    """Return the sentence of an event in the reader's language; neutral for an action of a newer release.

    `person` is the name of the person whom the event is about.
    """
    known_action = audit.ACTIONS.get(action)
    sentence = known_action.find_sentence(facts) if known_action else None
    return fill_sentence(str(sentence), facts, person) if sentence else _("a fait un changement")


def fill_sentence(sentence: str, facts: Mapping[str, Any], person: str) -> str:
    """Fill a sentence with the facts of an event and the name of the person it is about."""
    values = {"name": "…", "number": "…"} | dict(facts) | {"person": person}  # earlier lines may lack them
    if "role" in values:
        label = str(programmes_policy.ROLE_LABELS[Role(values["role"])])
        track = in_reader_language(values.get("track_fr", ""), values.get("track_en", ""))
        values["role"] = f"{label}, {lower_first(track)}" if track else label
    return format_sentence(sentence, values)


def read_subquery_values(project: Project, figures: tuple[Any, ...]) -> Sequence[Any]:
    """Return the values of scalar subqueries, which bind the project's id as `project`.

    The caller was allowed to see the project.
    """
    return fetch_scalar_subqueries(figures, project=project.id)


def count_teams_by_person(actor: Actor, people: Sequence[Person]) -> Mapping[UUID, int]:
    """How many teams of the programmes that the actor leads each of some people coaches; one statement."""
    statement = (
        select(RoleAssignment.person_id, func.count(RoleAssignment.scope_id.distinct()))
        .join(Project, Project.id == RoleAssignment.scope_id)
        .where(
            RoleAssignment.role == policy.COACH,
            RoleAssignment.person_id.in_([person.id for person in people]),
            Project.programme_id.in_(policy.list_led_programme_ids(actor)),
        )
        .group_by(RoleAssignment.person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}
