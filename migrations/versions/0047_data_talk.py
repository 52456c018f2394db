"""A data source has a place to talk beside it; those that are there get one."""

import secrets
import time
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

SOURCES = sa.table(
    "data_source",
    sa.column("id", sa.Uuid()),
    sa.column("project_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
)
TALKS = sa.table(
    "data_source_talk", sa.column("source_id", sa.Uuid()), sa.column("discussion_id", sa.Uuid())
)
PROJECTS = sa.table("project", sa.column("id", sa.Uuid()), sa.column("slug", sa.String()))
DISCUSSIONS = sa.table(
    "discussion",
    sa.column("id", sa.Uuid()),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("scope_id", sa.Uuid()),
    sa.column("page", sa.String()),
    sa.column("comment_count", sa.Integer()),
)


def upgrade() -> None:
    op.create_table(
        "data_source_talk",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_data_source_talk_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["data_source.id"], name=op.f("fk_data_source_talk_source_id")
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_data_source_talk")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_data_source_talk_discussion_id")),
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    of = PROJECTS.c.id == SOURCES.c.project_id
    found = sa.select(SOURCES.c.id, SOURCES.c.project_id, SOURCES.c.number, PROJECTS.c.slug)
    for id_, project_id, number, slug in connection.execute(found.join(PROJECTS, of)).all():
        talk = _new_id()
        page = f"/projects/{slug}/file/data/{number}"
        now = datetime.now(UTC)
        connection.execute(
            sa.insert(DISCUSSIONS).values(
                id=talk, created_at=now, scope_id=project_id, page=page, comment_count=0
            )
        )
        connection.execute(sa.insert(TALKS).values(source_id=id_, discussion_id=talk))


def _new_id() -> UUID:
    """In the order of time, as RFC 9562 has it in version 7."""
    millis, rest = time.time_ns() // 1_000_000, secrets.randbits(74)
    high, low = rest >> 62, rest & ((1 << 62) - 1)
    return UUID(int=(millis << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)


def downgrade() -> None:
    op.drop_table("data_source_talk")
