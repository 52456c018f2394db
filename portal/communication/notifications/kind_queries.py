"""Kinds of notifications and rules for their recipients, which every feature declares.

A feature declares in its file `notifications.py` a `NotificationKind` for each subject that people
may set a channel for, and a `NotificationRule` for the audit actions that notify of it. The
application registers all of them with `inbox_projections`.

The recipients of a rule are a statement with the columns `person_id` and `group_id` (what the inbox
groups by), and `scope_id` where it differs from the event's. It may bind `SUBJECT`, `SCOPE`,
`ACTOR` and `NAMED_PERSON` (the `person_id` in the event's facts). The projection leaves out the
actor, people who may not see the event or muted it, and closed accounts.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.policy import LEADS, NotificationAudience
from portal.people.programmes.models import RoleAssignment, Scope
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.audit import Action, PendingAuditEvent
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.database import Entity
from portal.platform.kernel.text import LazyString

SUBJECT = bindparam("subject_id", type_=Uuid())
SCOPE = bindparam("scope_id", type_=Uuid())
ACTOR = bindparam("actor_id", type_=Uuid())
NAMED_PERSON = bindparam("named_id", type_=Uuid())

SOON, PAST = "due.soon", "due.past"  # in the column `action`, though nobody acts

RecipientsStatement = Select[Any, Any] | Select[Any, Any, Any]
ExcerptsById = Mapping[UUID, str]  # by the id of their subject
ExcerptProvider = Callable[[Collection[UUID]], ExcerptsById]


def path_from_facts(row: Notification, _slug: str) -> str:
    """A `path_of` that returns the fact `path` of the event."""
    return str(row.facts["path"])


class NotificationTopic(StrEnum):
    """What the preferences group kinds by."""

    ADDRESSED = "addressed"  # to the person
    PROJECTS = "projects"
    DATES = "dates"


@dataclass(frozen=True, eq=False, kw_only=True)
class NotificationKind(Contribution):
    """`code` is stored in rows and never changes. `usual` is the default channel by audience.

    `sentence` replaces the audit action's own sentence ("vous mentionne"), by action code where
    it depends on that; `variants` are those of events that hold a fact, by its name. `impersonal` are
    whole sentences, by action code, of what nobody did. Mutes do not apply to an `is_personal` kind.
    `path_of` returns the path of the page that shows it, given the project's slug. `relevant_subjects`
    is a statement of the subjects among the bound `ids` that are still relevant to the bound `reader`.
    `excerpts` returns a line of each subject for the inbox, never for mails. `detail` tells the end of
    the sentence from the facts of an event. `receivers` are the roles that it can reach at all; empty:
    any.
    """

    code: str
    label: LazyString
    usual: Mapping[NotificationAudience, Channel]
    path_of: Callable[[Notification, str], str] = path_from_facts
    sentence: LazyString | Mapping[str, LazyString] | None = None
    variants: Mapping[str, Mapping[str, LazyString]] = field(default_factory=dict)
    impersonal: Mapping[str, LazyString] = field(default_factory=dict)
    detail: Callable[[Mapping[str, Any]], str] | None = None
    is_personal: bool = False
    relevant_subjects: Select[UUID] | None = None
    excerpts: ExcerptProvider | None = None
    receivers: Collection[Role] = ()

    @property
    def topic(self) -> NotificationTopic:
        """Reminders of dates apart; of the rest, what no mute silences is addressed to the person."""
        if isinstance(self.sentence, Mapping) and SOON in self.sentence:
            return NotificationTopic.DATES
        return NotificationTopic.ADDRESSED if self.is_personal else NotificationTopic.PROJECTS


@dataclass(frozen=True, eq=False)
class NotificationRule(Contribution):
    """Events of these actions notify these people of this kind, if `when` holds for the event."""

    kind: NotificationKind
    actions: Sequence[Action]
    people: RecipientsStatement
    when: Callable[[PendingAuditEvent], bool] = field(default=lambda _line: True)


@dataclass(frozen=True, eq=False)
class NotificationEnd(Contribution):
    """Events of these actions undo what notified of a kind about the same object, if `when` holds for the
    event: whoever did not read it yet has it as read, and no mail of it leaves. `undone` are the acts that
    are undone; empty: all of the kind."""

    kind: NotificationKind
    actions: Sequence[Action]
    when: Callable[[PendingAuditEvent], bool] = field(default=lambda _line: True)
    undone: Sequence[Action] = ()


def kinds_by_code() -> Mapping[str, NotificationKind]:
    """All kinds, in the order of the features."""
    return {kind.code: kind for kind in list_contributions(NotificationKind)}


def list_offered_kinds(actor: Actor) -> Mapping[str, NotificationKind]:
    """The kinds that can reach the actor, whose roles alone decide it."""
    return {
        code: kind
        for code, kind in kinds_by_code().items()
        if not kind.receivers or actor.scopes_with(*kind.receivers)
    }


def select_role_holders(*roles: Role, group_id: Any = SUBJECT) -> RecipientsStatement:
    """Whoever has one of these roles in the event's scope."""
    return select(RoleAssignment.person_id.label("person_id"), group_id.label("group_id")).where(
        RoleAssignment.scope_id == SCOPE, RoleAssignment.role.in_(roles)
    )


def select_role_holders_in_projects(*roles: Role) -> RecipientsStatement:
    """Whoever has one of these roles in a project of the event's programme.

    The notification's scope is that project, so that leaving or muting the project stops it.
    """
    return (
        select(
            RoleAssignment.person_id.label("person_id"),
            SUBJECT.label("group_id"),
            RoleAssignment.scope_id.label("scope_id"),
        )
        .join(Scope, Scope.id == RoleAssignment.scope_id)
        .where(Scope.parent_id == SCOPE, RoleAssignment.role.in_(roles))
    )


def select_programme_leaders(*, group_id: Any = SUBJECT) -> RecipientsStatement:
    """Whoever leads the programme of the event's project."""
    programme_id = select(Scope.parent_id).where(Scope.id == SCOPE).scalar_subquery()
    return select(RoleAssignment.person_id.label("person_id"), group_id.label("group_id")).where(
        RoleAssignment.scope_id == programme_id, RoleAssignment.role.in_(LEADS)
    )


def select_named_person() -> RecipientsStatement:
    """The person named in the event's facts."""
    return select(NAMED_PERSON.label("person_id"), SUBJECT.label("group_id"))


def select_person_of_subject(model: type[Entity], column: InstrumentedAttribute[Any]) -> RecipientsStatement:
    """The person, if any, whom a column of `model` names in the row that the event is about."""
    return select(column.label("person_id"), SUBJECT.label("group_id")).where(
        model.id == SUBJECT, column.is_not(None)
    )


def channels_by_audience(
    team: Channel, coach: Channel, reviewer: Channel, lead: Channel
) -> Mapping[NotificationAudience, Channel]:
    """The default channel of each audience."""
    return dict(zip(NotificationAudience, (team, coach, reviewer, lead), strict=True))


def make_path_below_project(pattern: str) -> Callable[[Notification, str], str]:
    """A `path_of` below the project's page; the pattern may use facts: `/sprints/{number}`."""

    def path_of(row: Notification, slug: str) -> str:
        return f"/projects/{slug}{pattern.format(**row.facts)}"

    return path_of


def find_new_value_of_field(line: PendingAuditEvent, field_: str) -> Any:
    """The new value of a field in an event; None where it did not change."""
    return line.after.get(field_)
