"""Files attached to sprints, comments and what a project's file holds."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("was_scanned", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_holds_something")),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)",
            name=op.f("ck_attachment_removed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_attachment_author_id")),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["person.id"], name=op.f("fk_attachment_removed_by_id")
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_attachment_scope_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("key", name=op.f("uq_attachment_key")),
    )
    op.create_index(
        op.f("ix_attachment_scope_id_id"), "attachment", ["scope_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_attachment_subject_id_id"), "attachment", ["subject_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_attachment_subject_id_id"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_scope_id_id"), table_name="attachment")
    op.drop_table("attachment")
