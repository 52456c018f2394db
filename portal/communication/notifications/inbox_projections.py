"""Writes notifications from the audit trail, as a projection. See ADR 0032.

Each line of the transaction that is news costs one statement, whatever the number of people told.
Commands know of the trail alone.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.communication.notifications import policy
from portal.communication.notifications.kind_queries import SCOPE, NotificationEnd, NotificationRule
from portal.communication.notifications.models import Channel, Mute, Notification, Preference
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment, Scope
from portal.platform.kernel import clock
from portal.platform.kernel.audit import ACTIONS, AuditEvent, PendingAuditEvent
from portal.platform.kernel.database import UtcDateTime, connection, db
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.projection import ALL, Projection

MAIL_DELAY = timedelta(minutes=2)  # before a mail leaves: what was read or taken back since is not sent
NEWS_MAX_AGE = timedelta(days=30)  # what is told of an earlier day (a demonstration) is none
NOBODY = UUID(int=0)

_RULES: dict[str, tuple[NotificationRule, ...]] = {}
_ENDS: dict[str, tuple[NotificationEnd, ...]] = {}
_COLUMNS = (
    "person_id",
    "fact_id",
    "created_at",
    "kind",
    "action",
    "scope_id",
    "around_id",
    "subject",
    "subject_id",
    "group_id",
    "actor_id",
    "facts",
    "due_at",
    "in_digest",
)


def make_inbox_projection(rules: Sequence[NotificationRule], ends: Sequence[NotificationEnd]) -> Projection:
    """The projection that writes who is told of what a transaction did."""
    _RULES.clear()
    _ENDS.clear()
    for rule in rules:  # the first that fits somebody is the one they are told by
        for action in rule.actions:
            _RULES[action.code] = (*_RULES.get(action.code, ()), rule)
    for end in ends:
        for action in end.actions:
            _ENDS[action.code] = (*_ENDS.get(action.code, ()), end)
    actions = {action for rule in rules for action in rule.actions}
    actions |= {action for end in ends for action in end.actions}
    return Projection(name="inbox", depends=dict.fromkeys(actions, ALL), refresh=write_notifications)


def write_notifications(lines: Sequence[PendingAuditEvent]) -> None:
    """Tell whoever the rules name; lines of long ago (a demonstration's) tell nobody."""
    since = clock.now() - NEWS_MAX_AGE
    for line in lines:
        rules = _list_matching_rules(line)
        if rules and line.created_at > since:
            statement = _insert_statement(db.engine.dialect.name, rules)
            statement.execute(connection(), _line_parameters(line))
        for end in _ENDS.get(line.action, ()):
            if end.when(line):
                _mark_undone_notifications_read(line, end)


def _mark_undone_notifications_read(line: PendingAuditEvent, end: NotificationEnd) -> None:
    """Mark what told of an act that this line undoes as read, for all whom a rule may have told; and what
    tells of this line as such, for whoever neither read of the act, nor was to learn of it from the inbox or
    a mail by now, nor acted on the object since."""
    around = sa.select(Scope.parent_id).where(Scope.id == line.scope_id).scalar_subquery()
    people = sa.select(RoleAssignment.person_id).where(
        sa.or_(RoleAssignment.scope_id == line.scope_id, RoleAssignment.scope_id == around)
    )
    is_undone = [
        Notification.person_id.in_(people),
        Notification.group_id == line.subject_id,
        Notification.kind == end.kind.code,
        Notification.fact_id != line.id,
        Notification.read_at.is_(None),
    ]
    if end.undone:
        is_undone.append(Notification.action.in_([action.code for action in end.undone]))
    acted_since = sa.exists().where(
        AuditEvent.subject_id == line.subject_id,
        AuditEvent.actor_id == Notification.person_id,
        AuditEvent.created_at >= Notification.created_at,
    )
    untold = sa.select(Notification.person_id).where(
        *is_undone, Notification.settled_at.is_(None), ~acted_since
    )
    is_own = [
        Notification.fact_id == line.id,
        Notification.kind == end.kind.code,
        Notification.person_id.in_(untold),
    ]
    for conditions in (is_own, is_undone):
        connection().execute(sa.update(Notification).where(*conditions).values(read_at=clock.now()))


def _list_matching_rules(line: PendingAuditEvent) -> tuple[NotificationRule, ...]:
    return tuple(rule for rule in _RULES.get(line.action, ()) if rule.when(line))


def _line_parameters(line: PendingAuditEvent) -> Mapping[str, Any]:
    named = line.facts.get("person_id")
    told_as = ACTIONS[line.action].told_as
    return {
        "fact_id": line.id,
        "created_at": line.created_at,
        "action": told_as.code if told_as else line.action,
        "scope_id": line.scope_id,
        "subject": line.subject,
        "subject_id": line.subject_id,
        "actor_id": line.actor_id,
        "doer_id": line.actor_id or NOBODY,
        "named_id": UUID(named) if named else NOBODY,
        "facts": {**line.facts, "of_action": line.action} if told_as else line.facts,
        "due_at": line.created_at + MAIL_DELAY,
    }


@lru_cache
def _insert_statement(dialect: str, rules: tuple[NotificationRule, ...]) -> PreparedStatement:
    """One insert for everybody whom these rules reach; the first rule that does says why."""
    recipients = sa.union_all(*(_rule_recipients(place, rule) for place, rule in enumerate(rules))).subquery()
    there = recipients.c.scope_id
    around = sa.select(Scope.parent_id).where(Scope.id == there).correlate(recipients).scalar_subquery()
    parameters = _make_bind_parameters()
    notification_rows = (
        sa.select(
            recipients.c.person_id,
            parameters["fact_id"],
            parameters["created_at"],
            recipients.c.kind,
            parameters["action"],
            there,
            around,
            parameters["subject"],
            parameters["subject_id"],
            recipients.c.group_id,
            parameters["actor_id"],
            parameters["facts"],
            parameters["due_at"],
            sa.false(),
        )
        .join(Person, Person.id == recipients.c.person_id)
        .where(
            recipients.c.person_id != sa.bindparam("doer_id", type_=sa.Uuid()),
            Person.disabled_at.is_(None),
            policy.scope_reached_condition(recipients.c.person_id, there, around),
            ~_refused_kind_condition(recipients),
            sa.or_(recipients.c.is_personal, ~_muted_condition(recipients)),
        )
        .order_by(recipients.c.place)
    )
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(Notification)
    insert_rows = insert.from_select(_COLUMNS, notification_rows, include_defaults=False)
    return PreparedStatement(insert_rows.on_conflict_do_nothing())


def _rule_recipients(place: int, rule: NotificationRule) -> sa.Select[Any]:
    people = rule.people.subquery()
    return sa.select(
        people.c.person_id,
        people.c.group_id,
        people.c.get("scope_id", SCOPE).label("scope_id"),
        sa.literal(place, sa.Integer()).label("place"),
        sa.literal(rule.kind.code, sa.String()).label("kind"),
        (sa.true() if rule.kind.is_personal else sa.false()).label("is_personal"),
    )


def _make_bind_parameters() -> Mapping[str, sa.BindParameter[Any]]:
    types: dict[str, Any] = {
        "fact_id": sa.Uuid(),
        "created_at": UtcDateTime(),
        "action": sa.String(),
        "subject": sa.String(),
        "subject_id": sa.Uuid(),
        "actor_id": sa.Uuid(),
        "facts": sa.JSON(),
        "due_at": UtcDateTime(),
    }
    return {name: sa.bindparam(name, type_=type_) for name, type_ in types.items()}


def _refused_kind_condition(recipients: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Preference.person_id == recipients.c.person_id,
        Preference.kind == recipients.c.kind,
        Preference.channel == Channel.NEVER,
    )


def _muted_condition(recipients: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Mute.person_id == recipients.c.person_id,
        Mute.about_id.in_([recipients.c.scope_id, recipients.c.group_id]),
    )
