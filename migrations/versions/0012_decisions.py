"""Decisions that teams await of their programmes, from the texts of the logs of closed sprints."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from uuid_utils.compat import uuid7

revision = "0012"
down_revision = "0011"

_STAGES = ("asked", "answered", "withdrawn", "unanswered")
_MOMENT = sa.DateTime(timezone=True)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def upgrade() -> None:
    person = ("person.id",)
    op.create_table(
        "awaited_decision",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Uuid(), sa.ForeignKey("project.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), sa.ForeignKey("discussion.id"), nullable=False, unique=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("gate", sa.Integer()),
        sa.Column("sprint_id", sa.Uuid(), sa.ForeignKey("sprint.id"), index=True),
        sa.Column("origin_sprint_id", sa.Uuid(), sa.ForeignKey("sprint.id"), unique=True),
        sa.Column("addressee", _enum("addressee", "lead", "operator", "coach"), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), sa.ForeignKey(*person)),
        sa.Column("owner_id", sa.Uuid(), sa.ForeignKey(*person), index=True),
        sa.Column("stage", _enum("stage", *_STAGES), nullable=False),
        sa.Column("outcome", _enum("outcome", "granted", "refused", "otherwise")),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("withdraw_reason", sa.String(1000), nullable=False),
        sa.Column("closed_at", _MOMENT),
        sa.Column("closed_by_id", sa.Uuid(), sa.ForeignKey(*person)),
        sa.Column("seen_at", _MOMENT),
        sa.Column("seen_by_id", sa.Uuid(), sa.ForeignKey(*person)),
        sa.UniqueConstraint("project_id", "number"),
        sa.CheckConstraint("question <> ''", name="asks_something"),
        sa.CheckConstraint("gate BETWEEN 0 AND 11", name="gate"),
        sa.CheckConstraint("(stage = 'asked') = (closed_at IS NULL)", name="closed_at_a_moment"),
        sa.CheckConstraint(
            "(stage = 'answered') = (outcome IS NOT NULL)"
            " AND (outcome IS NULL OR (answer <> '' AND closed_by_id IS NOT NULL))",
            name="answered_by_name_with_a_text",
        ),
        sa.CheckConstraint(
            "(seen_at IS NULL) = (seen_by_id IS NULL) AND (seen_at IS NULL OR stage = 'answered')",
            name="seen_by_name_once_answered",
        ),
        sa.Index("ix_awaited_decision_project_id_closed_at", "project_id", "closed_at"),
    )
    _turn_texts_into_decisions()


def downgrade() -> None:
    op.drop_table("awaited_decision")  # discussions stay: other rows may refer to them


def _table(name: str, **columns: Any) -> sa.TableClause:
    return sa.table(name, *(sa.column(key, kind) for key, kind in columns.items()))


_SPRINT = _table(
    "sprint",
    id=sa.Uuid(),
    project_id=sa.Uuid(),
    number=sa.Integer(),
    ends_on=sa.Date(),
    closed_at=_MOMENT,
    decision_awaited=sa.Text(),
)
_PROJECT = _table("project", id=sa.Uuid(), slug=sa.String())
_EVENT = _table("audit_event", id=sa.Uuid(), subject_id=sa.Uuid(), action=sa.String(), actor_id=sa.Uuid())
_PERSON = _table("person", id=sa.Uuid())
_DISCUSSION = _table(
    "discussion",
    id=sa.Uuid(),
    created_at=_MOMENT,
    scope_id=sa.Uuid(),
    page=sa.String(),
    comment_count=sa.Integer(),
)


def _turn_texts_into_decisions() -> None:
    """The last closed sprint's text is a decision that is asked; earlier ones had no answer."""
    connection = op.get_bind()
    statement = (
        sa.select(*_SPRINT.c, _PROJECT.c.slug)
        .join(_PROJECT, _PROJECT.c.id == _SPRINT.c.project_id)
        .where(_SPRINT.c.closed_at.is_not(None))
        .order_by(_SPRINT.c.project_id, _SPRINT.c.ends_on, _SPRINT.c.number)
    )
    by_project: dict[UUID, list[Any]] = defaultdict(list)
    for sprint in connection.execute(statement):
        by_project[sprint.project_id].append(sprint)
    closers = _list_closers(connection)
    for sprints in by_project.values():
        _insert_decisions(connection, sprints, closers)


def _list_closers(connection: sa.Connection) -> dict[UUID, UUID]:
    """Who closed each sprint, where the account is known."""
    people = set(connection.execute(sa.select(_PERSON.c.id)).scalars())
    closes = sa.select(_EVENT.c.subject_id, _EVENT.c.actor_id).where(_EVENT.c.action == "sprint.closed")
    return {row[0]: row[1] for row in connection.execute(closes) if row[1] in people}


def _insert_decisions(connection: sa.Connection, sprints: Sequence[Any], closers: dict[UUID, UUID]) -> None:
    last, number = sprints[-1], 0
    table = _table("awaited_decision", **_DECISION_COLUMNS)
    for sprint, following in zip(sprints, [*sprints[1:], None], strict=True):
        if not sprint.decision_awaited:
            continue
        number += 1
        discussion_id, asked_at = UUID(str(uuid7())), _aware(sprint.closed_at)
        page = f"/projects/{sprint.slug}/decisions/{number}"
        connection.execute(
            sa.insert(_DISCUSSION).values(
                id=discussion_id, created_at=asked_at, scope_id=sprint.project_id, page=page, comment_count=0
            )
        )
        is_last = sprint is last
        connection.execute(
            sa.insert(table).values(
                id=UUID(str(uuid7())),
                created_at=asked_at,
                version=1,
                project_id=sprint.project_id,
                number=number,
                discussion_id=discussion_id,
                question=sprint.decision_awaited,
                why="",
                origin_sprint_id=sprint.id,
                addressee="lead",
                asked_by_id=closers.get(sprint.id),
                stage="asked" if is_last else "unanswered",
                answer="",
                withdraw_reason="",
                closed_at=None if is_last else max(asked_at, _aware(following.closed_at)),
            )
        )


_DECISION_COLUMNS = {
    **dict.fromkeys(("id", "project_id", "discussion_id"), sa.Uuid()),
    **dict.fromkeys(("origin_sprint_id", "asked_by_id"), sa.Uuid()),
    **dict.fromkeys(("version", "number"), sa.Integer()),
    **dict.fromkeys(("created_at", "closed_at"), _MOMENT),
    **dict.fromkeys(("question", "why", "answer", "withdraw_reason"), sa.Text()),
    **dict.fromkeys(("addressee", "stage"), sa.String()),
}


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
