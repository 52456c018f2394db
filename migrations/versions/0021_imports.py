"""Imports of applications: the source of a call, runs, what each application and file came from."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "call_source",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), nullable=False, unique=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("procedure_number", sa.Integer(), nullable=False),
        sa.Column("procedure_title", sa.String(300), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("new_form", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("takes_files", sa.Boolean(), nullable=False),
        sa.Column("is_scheduled", sa.Boolean(), nullable=False),
        sa.Column("updated_since", sa.String(40), nullable=False),
        sa.Column("complete_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_table(
        "application_file",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), nullable=False, unique=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("uploaded_at", moment, nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("encoding", sa.String(40), nullable=False),
        sa.Column("delimiter", sa.String(1), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("columns_before", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_table(
        "application_import",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("is_dry", sa.Boolean(), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("phase", sa.String(32), nullable=False),
        sa.Column("cursor", sa.String(300), nullable=False),
        sa.Column("since", sa.String(40), nullable=False),
        sa.Column("watermark", sa.String(40), nullable=False),
        sa.Column("numbers_read", sa.JSON(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("read_count", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("unreadable", sa.JSON(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(40), nullable=False),
        sa.Column("detail", sa.String(300), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("claim", sa.Uuid()),
        sa.Column("leased_until", moment),
        sa.Column("ended_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (state IN ('waiting', 'running'))", name="ended"),
        sa.UniqueConstraint("call_id", "number"),
    )
    op.create_index("ix_application_import_state", "application_import", ["state"])
    op.create_table(
        "application_source",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), primary_key=True),
        sa.Column("source_id", sa.String(100), nullable=False),
        sa.Column("revision", sa.String(100), nullable=False),
        sa.Column("source_state", sa.String(40), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("is_unfinished", sa.Boolean(), nullable=False),
        sa.Column("removal", sa.String(32)),
        sa.Column("state_before", sa.String(32)),
    )
    op.create_table(
        "imported_file",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("field", sa.String(100), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), sa.ForeignKey("attachment.id")),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.UniqueConstraint("application_id", "field", "name", "checksum"),
    )


def downgrade() -> None:
    op.drop_table("imported_file")
    op.drop_table("application_source")
    op.drop_table("application_import")
    op.drop_table("application_file")
    op.drop_table("call_source")
