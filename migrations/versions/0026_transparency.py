"""Transparency sheets: what teams write of their algorithm, and what was published."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=1000), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)",
            name=op.f("ck_publication_ended_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_publication_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_publication_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_publication_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_publication_project_id_number")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(
            "uq_publication_read",
            ["project_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "transparency_part",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("public", "experts", "choice", name="part", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_transparency_part_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transparency_part")),
        sa.UniqueConstraint(
            "project_id", "part", name=op.f("uq_transparency_part_project_id_part")
        ),
    )


def downgrade() -> None:
    op.drop_table("publication")
    op.drop_table("transparency_part")
