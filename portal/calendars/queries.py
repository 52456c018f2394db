"""Whose calendar a link opens, and what stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Person
from portal.calendars.entries import Dates, Entry
from portal.calendars.models import CalendarLink
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.secrets import token_hash
from portal.programmes import policy as programmes
from portal.programmes.models import Programme, Scope
from portal.programmes.queries import actor_for
from portal.projects.models import Project

BACK = timedelta(days=90)  # what was before is in the portal


@dataclass(frozen=True)
class Reader:
    """Whose calendar it is, and the language of its titles."""

    actor: Actor
    locale: str


def get_reader(token: str) -> Reader:
    """Whose a link is, while it stands and the account is open."""
    found = db.session.execute(
        select(Person.id, Person.locale)
        .join(CalendarLink, CalendarLink.person_id == Person.id)
        .where(CalendarLink.token_hash == token_hash(token), Person.disabled_at.is_(None))
    ).first()
    if found is None:
        raise NotFound
    return Reader(actor_for(found.id), found.locale)


def find_link(actor: Actor) -> CalendarLink | None:
    return db.session.get(CalendarLink, actor.person_id)


def list_entries(actor: Actor, kinds: Sequence[Dates]) -> Sequence[Entry]:
    """What concerns somebody now: a role that ended takes its dates along. The first day first."""
    joined = actor.scopes_with(*programmes.PROJECT_READERS)
    around = select(Scope.parent_id).where(Scope.id.in_(joined)).distinct()
    given = {
        "person": actor.person_id,
        "projects": list(joined),
        "programmes": [
            *actor.scopes_with(*programmes.ORGANISERS),
            *(id_ for id_ in db.session.scalars(around) if id_),
        ],
        "since": clock.today() - BACK,
    }
    found = [(kind, row) for kind in kinds for row in db.session.execute(kind.rows, given)]
    places = _places({row.scope_id for _kind, row in found})
    entries = []
    for kind, row in found:
        place, slug = places[row.scope_id]
        facts = {"number": row.number, "name": row.name, "place": place, "slug": slug}
        entries.append(kind.entry(row.id, row.starts_on, row.ends_on, **facts))
    return sorted(entries, key=lambda entry: (entry.starts_on, entry.title))


def _places(ids: set[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """Names and slugs."""
    found = {
        project.id: (project.short_name, project.slug)
        for project in db.session.scalars(select(Project).where(Project.id.in_(ids)))
    }
    around = select(Programme).where(Programme.id.in_(ids - found.keys()))
    return found | {each.id: (each.name, each.slug) for each in db.session.scalars(around)}
