"""Writes notifications from the trail: the one hook before a commit, which the roof hangs up.

Each line of the transaction that is news costs one statement, whatever the number of people told.
Nothing calls back: the deed knows of the trail alone. See ADR 0032.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.accounts.models import Person
from portal.kernel import clock
from portal.kernel.audit import Line, unsealed
from portal.kernel.db import UtcDateTime, connection
from portal.kernel.statements import Once
from portal.notifications import policy
from portal.notifications.kinds import SCOPE, Rule
from portal.notifications.models import Channel, Mute, Notification, Preference
from portal.programmes.models import Scope

GRACE = timedelta(minutes=2)  # before a mail leaves: what was read or taken back since is not sent
NEWS = timedelta(days=30)  # what is told of an earlier day (a demonstration) is none
NOBODY = UUID(int=0)

_RULES: dict[str, tuple[Rule, ...]] = {}
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


def follow(rules: Sequence[Rule]) -> None:
    """From here on, whatever session commits news writes who is told of it."""
    _RULES.clear()
    for rule in rules:  # the first that fits somebody is the one they are told by
        for action in rule.actions:
            _RULES[action.code] = (*_RULES.get(action.code, ()), rule)
    if not event.contains(Session, "before_commit", _distribute):
        event.listen(Session, "before_commit", _distribute, insert=True)  # the seal comes last


def _distribute(session: Session) -> None:
    if session.in_nested_transaction():
        return
    since = clock.now() - NEWS
    recent = (line for line in unsealed(session) if line.created_at > since)
    news = [(line, rules) for line in recent if (rules := _fitting(line))]
    if not news:
        return
    session.flush()
    for line, rules in news:
        dialect = session.get_bind().dialect.name
        _statement(dialect, rules).send(connection(session), _given(line))


def _fitting(line: Line) -> tuple[Rule, ...]:
    return tuple(rule for rule in _RULES.get(line.action, ()) if rule.when(line))


def _given(line: Line) -> Mapping[str, Any]:
    named = line.facts.get("person_id")
    return {
        "fact_id": line.id,
        "created_at": line.created_at,
        "action": line.action,
        "scope_id": line.scope_id,
        "subject": line.subject,
        "subject_id": line.subject_id,
        "actor_id": line.actor_id,
        "doer_id": line.actor_id or NOBODY,
        "named_id": UUID(named) if named else NOBODY,
        "facts": line.facts,
        "due_at": line.created_at + GRACE,
    }


@lru_cache
def _statement(dialect: str, rules: tuple[Rule, ...]) -> Once:
    """One insert for everybody whom these rules reach; the first rule that does says why."""
    found = sa.union_all(*(_found(place, rule) for place, rule in enumerate(rules))).subquery()
    there = found.c.scope_id
    around = sa.select(Scope.parent_id).where(Scope.id == there).correlate(found).scalar_subquery()
    given = _bound()
    told = (
        sa.select(
            found.c.person_id,
            given["fact_id"],
            given["created_at"],
            found.c.kind,
            given["action"],
            there,
            around,
            given["subject"],
            given["subject_id"],
            found.c.group_id,
            given["actor_id"],
            given["facts"],
            given["due_at"],
            sa.false(),
        )
        .join(Person, Person.id == found.c.person_id)
        .where(
            found.c.person_id != sa.bindparam("doer_id", type_=sa.Uuid()),
            Person.disabled_at.is_(None),
            policy.reached(found.c.person_id, there, around),
            ~_refused(found),
            sa.or_(found.c.is_personal, ~_muted(found)),
        )
        .order_by(found.c.place)
    )
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(Notification)
    told_once = insert.from_select(_COLUMNS, told, include_defaults=False)
    return Once(told_once.on_conflict_do_nothing())


def _found(place: int, rule: Rule) -> sa.Select[Any]:
    people = rule.people.subquery()
    return sa.select(
        people.c.person_id,
        people.c.group_id,
        people.c.get("scope_id", SCOPE).label("scope_id"),
        sa.literal(place, sa.Integer()).label("place"),
        sa.literal(rule.kind.code, sa.String()).label("kind"),
        (sa.true() if rule.kind.is_personal else sa.false()).label("is_personal"),
    )


def _bound() -> Mapping[str, sa.BindParameter[Any]]:
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


def _refused(found: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Preference.person_id == found.c.person_id,
        Preference.kind == found.c.kind,
        Preference.channel == Channel.NEVER,
    )


def _muted(found: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Mute.person_id == found.c.person_id, Mute.about_id.in_([found.c.scope_id, found.c.group_id])
    )
