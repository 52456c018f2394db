"""Queries of a person's notifications, limited to scopes that they still see."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.communication.notifications import policy
from portal.communication.notifications.kind_queries import NotificationKind
from portal.communication.notifications.models import Channel, Mute, Notification, PersonMailHours, Preference
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows, get_scalar
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.project.projects.models import Project

Kinds = Mapping[str, NotificationKind]


@dataclass(frozen=True)
class NotificationScope:
    """The scope of a notification: a project, or a programme (without a slug)."""

    name: str
    slug: str


# How many groups have unread notifications: a subquery of the session query, which has the person.
_own_notification = aliased(Notification)
UNREAD_COUNT = (
    select(func.count(_own_notification.group_id.distinct()))
    .where(
        _own_notification.person_id == Person.id,
        _own_notification.read_at.is_(None),
        policy.scope_reached_condition(
            _own_notification.person_id, _own_notification.scope_id, _own_notification.around_id
        ),
    )
    .correlate(Person)
    .scalar_subquery()
)


_COUNT_UNREAD = PreparedStatement(
    select(UNREAD_COUNT).select_from(Person).where(Person.id == bindparam("person"))
)


def count_unread_groups(actor: Actor) -> int:
    """How many groups of the actor's inbox have unread notifications."""
    return int(fetch_rows(_COUNT_UNREAD, {"person": actor.person_id})[0][0])


def get_person_names_in(rows: Sequence[Notification]) -> Mapping[UUID, str]:
    """The names of the actors and of the people whom the facts name, by id."""
    return read_person_names([id_ for row in rows for id_ in (row.actor_id, find_person_id_in_facts(row))])


def find_person_id_in_facts(row: Notification) -> UUID | None:
    return UUID(row.facts["person_id"]) if "person_id" in row.facts else None


def get_notification_scopes(rows: Sequence[Notification]) -> Mapping[UUID, NotificationScope]:
    """The scopes of notifications that the reader may see, by id."""
    return _get_scopes_by_id({row.scope_id for row in rows if row.scope_id})


def _get_scopes_by_id(ids: Set[UUID]) -> Mapping[UUID, NotificationScope]:
    if not ids:
        return {}
    projects = db.session.scalars(select(Project).where(Project.id.in_(ids)))
    places = {project.id: NotificationScope(project.short_name, project.slug) for project in projects}
    if others := ids - places.keys():
        programmes = db.session.scalars(select(Programme).where(Programme.id.in_(others)))
        places |= {programme.id: NotificationScope(programme.name, "") for programme in programmes}
    return places


def get_notification(actor: Actor, fact_id: UUID) -> Notification:
    return _get_latest_notification(actor, Notification.fact_id == fact_id)


def get_latest_of_group(actor: Actor, group_id: UUID) -> Notification:
    """The latest notification of a group. Raises `NotFound`."""
    return _get_latest_notification(actor, Notification.group_id == group_id)


def _get_latest_notification(actor: Actor, condition: ColumnElement[bool]) -> Notification:
    matching = select(Notification).where(policy.visible_to(actor), condition)
    return get_scalar(matching.order_by(Notification.created_at.desc()).limit(1))


def find_subject_path(kinds: Kinds, row: Notification) -> str:
    """The path of the page that shows a notification's subject; the inbox for an unknown kind."""
    kind = kinds.get(row.kind)
    place = get_notification_scopes([row]).get(row.scope_id) if row.scope_id else None
    return kind.path_of(row, place.slug if place else "") if kind else "/inbox"


def get_chosen_channels(person_id: UUID) -> Mapping[str, Channel]:
    """The channels that a person chose, by kind."""
    preferences = select(Preference.kind, Preference.channel).where(Preference.person_id == person_id)
    return {row.kind: row.channel for row in db.session.execute(preferences)}


def find_mail_rhythm(person_id: UUID) -> PersonMailHours | None:
    return db.session.get(PersonMailHours, person_id)


def list_muted_ids(actor: Actor) -> frozenset[UUID]:
    """The ids of scopes and groups that the actor muted."""
    muted: Select[UUID] = select(Mute.about_id).where(Mute.person_id == actor.person_id)
    return frozenset(db.session.scalars(muted))


def count_muted_groups(actor: Actor) -> int:
    """How many groups, not counting whole projects, the actor muted."""
    is_group = or_(Mute.scope_id.is_(None), Mute.about_id != Mute.scope_id)
    statement = select(func.count()).where(Mute.person_id == actor.person_id, is_group)
    return db.session.scalar(statement) or 0
