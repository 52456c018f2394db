"""Data sources, and each step of the way to their data."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "data_source",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("holder", sa.String(length=300), nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "personal",
            sa.Enum("unknown", "no", "yes", name="personal", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column(
            "screening",
            sa.Enum(
                "not_done",
                "not_needed",
                "needed",
                "done",
                name="screening",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("screening_note", sa.String(length=300), nullable=False),
        sa.Column(
            "access",
            sa.Enum(
                "identified",
                "requested",
                "granted",
                "received",
                "usable",
                name="access",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("access_on", sa.Date(), nullable=False),
        sa.Column("sample_rows", sa.Integer(), nullable=True),
        sa.Column("sample_sha256", sa.String(length=64), nullable=False),
        sa.Column("sample_on", sa.Date(), nullable=True),
        sa.Column("sample_measured", sa.Boolean(), nullable=False),
        sa.Column(
            "faithfulness",
            sa.Enum(
                "raw", "explored", "cleaned", name="faithfulness", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "fitness",
            sa.Enum(
                "not_asked", "framed", "fit", "ready", name="fitness", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("quality_note", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(sample_rows IS NULL) = (sample_on IS NULL)",
            name=op.f("ck_data_source_sample_with_its_date"),
        ),
        sa.CheckConstraint("sample_rows >= 0", name=op.f("ck_data_source_sample_counts")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_data_source_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_source")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_data_source_project_id_number")),
    )
    op.create_table(
        "access_step",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "access",
            sa.Enum(
                "identified",
                "requested",
                "granted",
                "received",
                "usable",
                name="access",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["data_source.id"], name=op.f("fk_access_step_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_step")),
        sa.UniqueConstraint(
            "source_id", "position", name=op.f("uq_access_step_source_id_position")
        ),
    )


def downgrade() -> None:
    op.drop_table("access_step")
    op.drop_table("data_source")
