"""Attempts, counted so that nobody may try without end; names folded, to find people by;
tracks that are edited."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "attempt_count",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_attempt_count")),
    )
    op.create_index(op.f("ix_attempt_count_ends_at"), "attempt_count", ["ends_at"])
    op.add_column(
        "person", sa.Column("name_fold", sa.String(length=240), nullable=False, server_default="")
    )
    people = sa.table("person", sa.column("id"), sa.column("name"), sa.column("name_fold"))
    connection = op.get_bind()
    for id_, name in connection.execute(sa.select(people.c.id, people.c.name)).all():
        mine = sa.update(people).where(people.c.id == id_)
        connection.execute(mine.values(name_fold=_fold(name)[:240]))
    op.create_index(op.f("ix_person_name_fold"), "person", ["name_fold"])
    op.add_column("track", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})


def _fold(text: str) -> str:
    """As `portal.kernel.text.fold` did when this was written."""
    flat = unicodedata.normalize("NFKD", text.translate(LIGATURES).casefold())
    return "".join(char for char in flat if not unicodedata.combining(char))


def downgrade() -> None:
    op.drop_column("track", "version")
    op.drop_index(op.f("ix_person_name_fold"), "person")
    op.drop_column("person", "name_fold")
    op.drop_table("attempt_count")
