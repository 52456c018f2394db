"""The owner of a calendar link, and the entries of a person's calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.communication.calendar.entry_queries import MEETING_COLUMNS, CalendarEntry, CalendarSource
from portal.communication.calendar.models import CalendarLink
from portal.people.accounts.models import Person
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, Scope
from portal.people.programmes.queries import actor_for
from portal.people.second_factor.policy import lacks_demanded_factor
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import token_hash
from portal.project.projects.models import Project

PAST_WINDOW = timedelta(days=90)  # feeds leave out entries older than this


@dataclass(frozen=True)
class CalendarOwner:
    """The person whose calendar it is, and the language of its titles."""

    actor: Actor
    locale: str


def get_calendar_owner(token: str) -> CalendarOwner:
    """The owner of a link with an open account. Raises `NotFound`.

    A link is shut, too, while a role of its person demands a second factor that is missing.
    """
    owner = get_scalar(
        select(Person)
        .join(CalendarLink, CalendarLink.person_id == Person.id)
        .where(CalendarLink.token_hash == token_hash(token), Person.disabled_at.is_(None))
    )
    actor = actor_for(owner.id)
    if lacks_demanded_factor(actor, owner, get_service(Settings).second_factor_roles):
        raise NotFound
    return CalendarOwner(actor, owner.locale)


def find_own_link(actor: Actor) -> CalendarLink | None:
    return find_person_link(actor.person_id)


def find_person_link(person_id: UUID) -> CalendarLink | None:
    """A person's link, for commands on their account."""
    return db.session.get(CalendarLink, person_id)


def list_entries(actor: Actor, sources: Sequence[CalendarSource]) -> Sequence[CalendarEntry]:
    """The entries of the actor's current roles, by first day, then title."""
    project_ids = actor.scopes_with(*programmes.PROJECT_READERS)
    programme_ids = select(Scope.parent_id).where(Scope.id.in_(project_ids)).distinct()
    parameters = {
        "person": actor.person_id,
        "projects": list(project_ids),
        "programmes": [
            *actor.scopes_with(*programmes.ORGANISERS),
            *(id_ for id_ in db.session.scalars(programme_ids) if id_),
        ],
        "since": clock.today() - PAST_WINDOW,
    }
    dated_rows = [(source, row) for source in sources for row in db.session.execute(source.rows, parameters)]
    places = _get_names_and_slugs({row.scope_id for _source, row in dated_rows})
    entries = []
    for source, row in dated_rows:
        place, slug = places[row.scope_id]
        facts = {"number": row.number, "name": row.name, "place": place, "slug": slug}
        entry = source.make_entry(row.id, row.starts_on, row.ends_on, **facts)
        meeting = {name: row._mapping[name] for name in MEETING_COLUMNS if name in row._mapping}
        entries.append(replace(entry, **meeting))
    return sorted(entries, key=lambda entry: (entry.starts_on, entry.title))


def _get_names_and_slugs(ids: set[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """The name and slug of each project or programme, by id."""
    names_by_id = {
        project.id: (project.short_name, project.slug)
        for project in db.session.scalars(select(Project).where(Project.id.in_(ids)))
    }
    others = db.session.scalars(select(Programme).where(Programme.id.in_(ids - names_by_id.keys())))
    return names_by_id | {programme.id: (programme.name, programme.slug) for programme in others}
