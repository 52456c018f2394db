"""Find teams and people by words, in a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from portal.app.search import policy
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import fold
from portal.project.projects.models import Project, ProjectFigures

MATCHES_MAX = 100  # of each kind
OPTIONS_MAX = 50  # teams or authors that results may be narrowed to


@dataclass(frozen=True)
class TeamMatch:
    """A project whose name or title has all words. `is_open` tells whether the actor reads it; else
    they see its line in the portfolio of its programme."""

    slug: str
    name: str
    title: str
    programme: str  # slug
    is_open: bool


@dataclass(frozen=True)
class RoleMatch:
    """A role of a person whose name has all words. One of `project` and `programme` is a slug, the
    other is empty: the page that shows them; both are empty in the directory."""

    person_id: UUID
    person_name: str
    role: Role | None
    project: str = ""
    programme: str = ""
    place: str = ""


NOBODY = UUID(int=0)  # stands for whatever an address names that does not exist


@dataclass(frozen=True)
class FilterOption:
    """A team or an author that results may be narrowed to; `count` texts of these are among them."""

    value: str
    name: str
    count: int


def get_team_id(slug: str) -> UUID:
    """The id of a project, which anybody may name: the index answers whoever reads it."""
    return db.session.scalar(select(Project.id).where(Project.slug == slug)) or NOBODY


def get_author_id(handle: str) -> UUID:
    return db.session.scalar(select(Person.id).where(Person.handle == handle)) or NOBODY


def name_teams(count_by_scope: Mapping[UUID, int]) -> Sequence[FilterOption]:
    """The projects of results that the actor reads, those with most texts first."""
    ids = _list_most(count_by_scope)
    projects = db.session.scalars(select(Project).where(Project.id.in_(ids))) if ids else ()
    options = [FilterOption(each.slug, each.short_name, count_by_scope[each.id]) for each in projects]
    return sorted(options, key=lambda option: (-option.count, fold(option.name)))


def name_authors(count_by_author: Mapping[UUID, int]) -> Sequence[FilterOption]:
    """The authors of results that the actor reads, those with most texts first."""
    ids = _list_most(count_by_author)
    people = select(Person.id, Person.handle, Person.name).where(Person.id.in_(ids))
    rows = db.session.execute(people) if ids else ()
    options = [FilterOption(handle, name, count_by_author[person_id]) for person_id, handle, name in rows]
    return sorted(options, key=lambda option: (-option.count, fold(option.name)))


def _list_most(counts: Mapping[UUID, int]) -> Sequence[UUID]:
    return sorted(counts, key=lambda id_: (-counts[id_], id_))[:OPTIONS_MAX]


def find_teams(actor: Actor, words: Sequence[str]) -> Sequence[TeamMatch]:
    """The teams that the actor may see, by organisation."""
    statement = (
        select(Project, Programme.slug)
        .join(ProjectFigures, ProjectFigures.project_id == Project.id)
        .join(Programme, Programme.id == Project.programme_id)
        .where(policy.teams_visible_to(actor), *(_is_in_team(word) for word in words))
        .order_by(ProjectFigures.organisation_fold, Project.slug)
        .limit(MATCHES_MAX)
    )
    return [
        TeamMatch(
            project.slug,
            project.short_name,
            project.title,
            programme,
            policy.can_read_team(actor, project.id, project.programme_id),
        )
        for project, programme in db.session.execute(statement)
    ]


def _is_in_team(word: str) -> ColumnElement[bool]:
    folded = fold(word)
    return or_(
        ProjectFigures.organisation_fold.contains(folded, autoescape=True),
        ProjectFigures.acronym_fold.contains(folded, autoescape=True),
        Project.slug.contains(folded, autoescape=True),
        Project.title_fr.icontains(word, autoescape=True),
        Project.title_en.icontains(word, autoescape=True),
    )


def find_roles(actor: Actor, words: Sequence[str]) -> Sequence[RoleMatch]:
    """The roles of people whose name has all words, by name; a line a person for who opens the
    directory."""
    is_named = [Person.name_fold.contains(fold(word), autoescape=True) for word in words]
    if policy.can_open_directory(actor):
        people = select(Person.id, Person.name).where(*is_named).order_by(Person.name_fold, Person.id)
        rows = db.session.execute(people.limit(MATCHES_MAX))
        return [RoleMatch(person_id, name, None) for person_id, name in rows]
    statement = (
        select(Person.id, Person.name, RoleAssignment.role, Project, Programme)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .outerjoin(Project, Project.id == RoleAssignment.scope_id)
        .outerjoin(Programme, Programme.id == RoleAssignment.scope_id)
        .where(policy.roles_visible_to(actor), Person.disabled_at.is_(None), *is_named)
        .order_by(Person.name_fold, Person.id, Project.organisation_fold)
        .limit(MATCHES_MAX)
    )
    return [
        RoleMatch(
            person_id,
            name,
            role,
            project.slug if project else "",
            programme.slug if programme else "",
            project.short_name if project else programme.name if programme else "",
        )
        for person_id, name, role, project, programme in db.session.execute(statement)
    ]
