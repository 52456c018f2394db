"""Whose calendar a link opens, and what stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.communication.calendar.entry_queries import CalendarEntry, CalendarSource
from portal.communication.calendar.models import CalendarLink
from portal.people.accounts.models import Person
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, Scope
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.tokens import token_hash
from portal.project.projects.models import Project

PAST_WINDOW = timedelta(days=90)  # what was before is in the portal


@dataclass(frozen=True)
class CalendarOwner:
    """Whose calendar it is, and the language of its titles."""

    actor: Actor
    locale: str


def get_calendar_owner(token: str) -> CalendarOwner:
    """Whose a link is, while it stands and the account is open."""
    owner_row = db.session.execute(
        select(Person.id, Person.locale)
        .join(CalendarLink, CalendarLink.person_id == Person.id)
        .where(CalendarLink.token_hash == token_hash(token), Person.disabled_at.is_(None))
    ).first()
    if owner_row is None:
        raise NotFound
    return CalendarOwner(actor_for(owner_row.id), owner_row.locale)


def find_link(actor: Actor) -> CalendarLink | None:
    return db.session.get(CalendarLink, actor.person_id)


def list_entries(actor: Actor, kinds: Sequence[CalendarSource]) -> Sequence[CalendarEntry]:
    """What concerns somebody now: a role that ended takes its dates along. The first day first."""
    joined = actor.scopes_with(*programmes.PROJECT_READERS)
    around = select(Scope.parent_id).where(Scope.id.in_(joined)).distinct()
    parameters = {
        "person": actor.person_id,
        "projects": list(joined),
        "programmes": [
            *actor.scopes_with(*programmes.ORGANISERS),
            *(id_ for id_ in db.session.scalars(around) if id_),
        ],
        "since": clock.today() - PAST_WINDOW,
    }
    dated_rows = [
        (kind, row) for kind in kinds for row in db.session.execute(kind.rows, parameters)
    ]
    places = _get_names_and_slugs({row.scope_id for _kind, row in dated_rows})
    entries = []
    for kind, row in dated_rows:
        place, slug = places[row.scope_id]
        facts = {"number": row.number, "name": row.name, "place": place, "slug": slug}
        entries.append(kind.entry(row.id, row.starts_on, row.ends_on, **facts))
    return sorted(entries, key=lambda entry: (entry.starts_on, entry.title))


def _get_names_and_slugs(ids: set[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """Names and slugs."""
    names_by_id = {
        project.id: (project.short_name, project.slug)
        for project in db.session.scalars(select(Project).where(Project.id.in_(ids)))
    }
    around = select(Programme).where(Programme.id.in_(ids - names_by_id.keys()))
    return names_by_id | {each.id: (each.name, each.slug) for each in db.session.scalars(around)}
