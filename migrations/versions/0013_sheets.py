"""Readiness sheets of a project, and what each of their sections was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "sheet",
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("prototype_version_id", sa.Uuid(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("completed_by_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(completed_on IS NULL) = (completed_by_id IS NULL)",
            name=op.f("ck_sheet_completed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["completed_by_id"], ["person.id"], name=op.f("fk_sheet_completed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_sheet_discussion_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_sheet_project_id")),
        sa.ForeignKeyConstraint(
            ["prototype_version_id"],
            ["prototype_version.id"],
            name=op.f("fk_sheet_prototype_version_id"),
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_sheet_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_sheet_discussion_id")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_sheet_project_id_number")),
    )
    op.create_index(op.f("ix_sheet_prototype_version_id"), "sheet", ["prototype_version_id"])
    op.create_index(
        "uq_sheet_open",
        "sheet",
        ["project_id", "kind"],
        unique=True,
        sqlite_where=sa.text("completed_on IS NULL"),
        postgresql_where=sa.text("completed_on IS NULL"),
    )

    op.create_table(
        "sheet_section",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_sheet_section_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_section")),
        sa.UniqueConstraint("sheet_id", "key", name=op.f("uq_sheet_section_sheet_id_key")),
    )


def downgrade() -> None:
    op.drop_table("sheet_section")
    op.drop_index("uq_sheet_open", table_name="sheet")
    op.drop_index(op.f("ix_sheet_prototype_version_id"), table_name="sheet")
    op.drop_table("sheet")
