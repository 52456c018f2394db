"""Find teams and people by words, in a constant number of statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, String, bindparam, func, or_, select

from portal.app.search import policy
from portal.app.search.words import is_exact_term, names_meet_phrases_and_exclusions
from portal.collaboration.search.query_rules import WordQuery
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.folded_text import FoldedText
from portal.platform.kernel.text import fold, in_reader_language
from portal.project.projects import policy as projects
from portal.project.projects.models import Project, ProjectFigures

MATCHES_MAX = 100  # of each kind
READ_MAX = 2_000  # rows that are compared with phrases and exclusions
PROJECTS_MAX = 5  # teams in which a number or a page is looked for
WORDS_MAX = 8  # words of a query that a name is asked for
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
    role_id: UUID | None = None
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


def list_team_options(count_by_scope: Mapping[UUID, int]) -> Sequence[FilterOption]:
    """The projects of results that the actor reads, those with most texts first."""
    ids = _list_most_frequent_ids(count_by_scope)
    options = [
        FilterOption(slug, acronym or organisation, count_by_scope[project_id])
        for project_id, slug, acronym, organisation in fetch_rows(_TEAMS, {"ids": ids})
    ]
    return sorted(options, key=lambda option: (-option.count, fold(option.name)))


def read_scope_names(scope_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The names of projects and programmes that the actor reads something in, by id."""
    rows = fetch_rows(_TEAMS, {"ids": list(scope_ids)}) if scope_ids else ()
    names = {project_id: acronym or organisation for project_id, _slug, acronym, organisation in rows}
    unnamed = [each for each in scope_ids if each not in names]
    others = fetch_rows(_PROGRAMME_NAMES, {"ids": unnamed}) if unnamed else ()
    return names | {id_: in_reader_language(name_fr, name_en) for id_, name_fr, name_en in others}


def list_author_options(count_by_author: Mapping[UUID, int]) -> Sequence[FilterOption]:
    """The authors of results that the actor reads, those with most texts first."""
    ids = _list_most_frequent_ids(count_by_author)
    options = [
        FilterOption(handle, name, count_by_author[person_id])
        for person_id, handle, name in fetch_rows(_AUTHORS, {"ids": ids})
    ]
    return sorted(options, key=lambda option: (-option.count, fold(option.name)))


_TEAMS = select(Project.id, Project.slug, Project.acronym, Project.organisation).where(
    Project.id.in_(bindparam("ids", expanding=True))
)
_PROGRAMME_NAMES = select(Programme.id, Programme.name_fr, Programme.name_en).where(
    Programme.id.in_(bindparam("ids", expanding=True))
)
_AUTHORS = select(Person.id, Person.handle, Person.name).where(
    Person.id.in_(bindparam("ids", expanding=True))
)


def _list_most_frequent_ids(counts: Mapping[UUID, int]) -> Sequence[UUID]:
    return sorted(counts, key=lambda id_: (-counts[id_], id_))[:OPTIONS_MAX]


def find_teams(actor: Actor, query: WordQuery, most: int = MATCHES_MAX) -> Sequence[TeamMatch]:
    """The teams that the actor may see, by organisation."""
    words = query.words[:WORDS_MAX]
    rows = fetch_rows(_build_teams_statement(len(words)), _word_parameters(actor, query, most))
    teams = [
        TeamMatch(
            slug,
            acronym or organisation,
            in_reader_language(title_fr, title_en),
            programme,
            policy.can_read_team(actor, project_id, programme_id),
        )
        for project_id, programme_id, slug, acronym, organisation, title_fr, title_en, programme in rows
        if names_meet_phrases_and_exclusions(query, acronym, organisation, slug, title_fr, title_en)
    ]
    return teams[:most]


def find_readable_projects(actor: Actor, query: WordQuery) -> Sequence[Project]:
    """The first projects of these teams that the actor reads, in the same order."""
    slugs = [team.slug for team in find_teams(actor, query) if team.is_open][:PROJECTS_MAX]
    projects = db.session.scalars(select(Project).where(Project.slug.in_(slugs))) if slugs else ()
    by_slug = {project.slug: project for project in projects}
    return [by_slug[slug] for slug in slugs]


def list_readable_projects(actor: Actor, most: int) -> Sequence[Project]:
    """The first projects that the actor reads, by organisation."""
    by_name = select(Project).where(projects.visible_to(actor)).order_by(Project.organisation, Project.id)
    return db.session.scalars(by_name.limit(most)).all()


@cache
def _build_teams_statement(count: int) -> Executable:
    """The statement for so many words: building it takes longer than to execute it."""
    return (
        select(Project.id, Project.programme_id, Project.slug, *_NAMES, Programme.slug)
        .join(ProjectFigures, ProjectFigures.project_id == Project.id)
        .join(Programme, Programme.id == Project.programme_id)
        .where(policy.TEAMS_VISIBLE, *map(_build_team_word_condition, range(count)))
        .order_by(ProjectFigures.organisation_fold, Project.slug)
        .limit(bindparam("most"))
    )


_NAMES = (Project.acronym, Project.organisation, Project.title_fr, Project.title_en)


def _word_parameters(actor: Actor, query: WordQuery, most: int) -> Mapping[str, Any]:
    """Folded words have letters and digits alone, none that `LIKE` takes for a pattern. Of a query
    with phrases or exclusions more is read, since `admits` leaves some out."""
    words = query.words[:WORDS_MAX]
    if query.excluded or any(map(is_exact_term, query.required)):
        most = READ_MAX
    folded = {f"folded{place}": fold(word) for place, word in enumerate(words)}
    return {"most": most, **folded, **policy.readable_scope_parameters(actor)}


def _build_team_word_condition(place: int) -> ColumnElement[bool]:
    folded = bindparam(f"folded{place}", type_=String)
    return or_(
        ProjectFigures.organisation_fold.contains(folded),
        ProjectFigures.acronym_fold.contains(folded),
        Project.slug.contains(folded),
        func.replace(Project.slug, "-", "").contains(folded),  # "ddtm34"
        FoldedText(Project.title_fr).contains(folded),
        FoldedText(Project.title_en).contains(folded),
    )


def find_roles_of_named_people(actor: Actor, query: WordQuery) -> Sequence[RoleMatch]:
    """The roles of people whose name answers a query, by name; a line a person for who opens the
    directory."""
    parameters, count = _word_parameters(actor, query, MATCHES_MAX), len(query.words[:WORDS_MAX])
    if policy.can_open_directory(actor):
        people = fetch_rows(_build_people_statement(count), parameters)
        roles = [RoleMatch(person_id, name, None) for person_id, name in people]
    else:
        roles = [
            RoleMatch(
                person, name, role, id_, project or "", programme or "", team or in_reader_language(*names)
            )
            for person, name, role, id_, project, programme, team, *names in fetch_rows(
                _build_roles_statement(count), parameters
            )
        ]
    return [role for role in roles if names_meet_phrases_and_exclusions(query, role.person_name)][
        :MATCHES_MAX
    ]


@cache
def _build_people_statement(count: int) -> Executable:
    people = select(Person.id, Person.name).where(*map(_build_name_word_condition, range(count)))
    return people.order_by(Person.name_fold, Person.id).limit(bindparam("most"))


@cache
def _build_roles_statement(count: int) -> Executable:
    team = func.coalesce(func.nullif(Project.acronym, ""), Project.organisation)
    names = (team, Programme.name_fr, Programme.name_en)
    own = (RoleAssignment.role, RoleAssignment.id)
    return (
        select(Person.id, Person.name, *own, Project.slug, Programme.slug, *names)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .outerjoin(Project, Project.id == RoleAssignment.scope_id)
        .outerjoin(Programme, Programme.id == RoleAssignment.scope_id)
        .where(
            policy.ROLES_VISIBLE, Person.disabled_at.is_(None), *map(_build_name_word_condition, range(count))
        )
        .order_by(Person.name_fold, Person.id, Project.organisation_fold)
        .limit(bindparam("most"))
    )


def _build_name_word_condition(place: int) -> ColumnElement[bool]:
    return Person.name_fold.contains(bindparam(f"folded{place}", type_=String))
