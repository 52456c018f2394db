"""Files on their way into a backlog, their lines, and where items came from."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

TOOL = sa.Enum(
    "portal", "gitlab", "github", "jira", "trello", "other",
    name="tool", native_enum=False, length=32,
)  # fmt: skip
STAGE = sa.Enum(
    "waiting", "compared", "refused", "confirmed", "done",
    name="stage", native_enum=False, length=32,
)  # fmt: skip
OUTCOME = sa.Enum(
    "new", "changed", "unchanged", "aside", "error",
    name="outcome", native_enum=False, length=32,
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "backlog_import",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("home", sa.String(length=500), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("delimiter", sa.String(length=1), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("tool", TOOL, nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("stage", STAGE, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("overtaken", sa.Boolean(), nullable=False),
        sa.Column("lines_read", sa.Integer(), nullable=False),
        sa.Column("event_number", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("refusal", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_backlog_import_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_backlog_import_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backlog_import")),
    )
    op.create_index("ix_backlog_import_expires_at", "backlog_import", ["expires_at"])
    op.create_index("ix_backlog_import_stage", "backlog_import", ["stage"])
    op.create_index(
        "ix_backlog_import_project_id_person_id", "backlog_import", ["project_id", "person_id"]
    )
    op.create_table(
        "import_line",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("outcome", OUTCOME, nullable=False),
        sa.Column("ref", sa.String(length=420), nullable=False),
        sa.Column("key", sa.String(length=420), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("item_number", sa.Integer(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("takes", sa.JSON(), nullable=False),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.Column("noted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["backlog_import.id"],
            name=op.f("fk_import_line_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_import_line")),
    )
    op.create_index(
        "ix_import_line_import_id_outcome_position",
        "import_line",
        ["import_id", "outcome", "position"],
    )
    op.create_table(
        "item_source",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("tool", TOOL, nullable=False),
        sa.Column("ref", sa.String(length=420), nullable=False),
        sa.Column("key", sa.String(length=420), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_source_item_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_item_source_project_id")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_source")),
        sa.UniqueConstraint(
            "project_id", "tool", "ref", name=op.f("uq_item_source_project_id_tool_ref")
        ),
    )
    op.create_table(
        "import_choices",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("tool", TOOL, nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_import_choices_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "tool", name=op.f("pk_import_choices")),
    )


def downgrade() -> None:
    op.drop_table("import_choices")
    op.drop_table("item_source")
    op.drop_table("import_line")
    op.drop_table("backlog_import")
