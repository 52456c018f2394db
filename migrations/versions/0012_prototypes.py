"""Versions of the prototype; protocols of evaluation, their runs, and changes of course."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "evaluation_protocol",
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("metric", sa.String(length=120), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("up", "down", name="direction", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("held_out", sa.Text(), nullable=False),
        sa.Column("held_out_size", sa.Integer(), nullable=True),
        sa.Column("baseline_name", sa.String(length=300), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "held_out_size >= 0", name=op.f("ck_evaluation_protocol_held_out_counts")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_evaluation_protocol_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["evaluation_protocol.id"],
            name=op.f("fk_evaluation_protocol_replaces_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_protocol")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_evaluation_protocol_project_id_number")
        ),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_evaluation_protocol_replaces_id")),
    )
    op.create_table(
        "pivot",
        sa.Column("protocol_id", sa.Uuid(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_pivot_project_id")),
        sa.ForeignKeyConstraint(
            ["protocol_id"], ["evaluation_protocol.id"], name=op.f("fk_pivot_protocol_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pivot")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_pivot_project_id_number")),
    )
    op.create_index(op.f("ix_pivot_protocol_id"), "pivot", ["protocol_id"], unique=False)

    op.create_table(
        "prototype_version",
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("sprint_id", sa.Uuid(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("recording", sa.String(length=500), nullable=False),
        sa.Column(
            "automation",
            sa.Enum(
                "inform",
                "suggest",
                "checked",
                "alone",
                name="automation",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "exposure",
            sa.Enum("agents", "citizens", name="exposure", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("model_family", sa.String(length=120), nullable=False),
        sa.Column("model_provider", sa.String(length=120), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_prototype_version_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_prototype_version_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["sprint_id"], ["sprint.id"], name=op.f("fk_prototype_version_sprint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prototype_version")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_prototype_version_discussion_id")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_prototype_version_project_id_number")
        ),
    )
    op.create_index(
        op.f("ix_prototype_version_sprint_id"), "prototype_version", ["sprint_id"], unique=False
    )

    op.create_table(
        "evaluation_run",
        sa.Column("protocol_id", sa.Uuid(), nullable=False),
        sa.Column("prototype_version_id", sa.Uuid(), nullable=False),
        sa.Column("ran_on", sa.Date(), nullable=False),
        sa.Column("result", sa.Double(), nullable=False),
        sa.Column("code_reference", sa.String(length=300), nullable=False),
        sa.Column("data_sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_evaluation_run_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["protocol_id"], ["evaluation_protocol.id"], name=op.f("fk_evaluation_run_protocol_id")
        ),
        sa.ForeignKeyConstraint(
            ["prototype_version_id"],
            ["prototype_version.id"],
            name=op.f("fk_evaluation_run_prototype_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_run")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_evaluation_run_project_id_number")
        ),
    )
    op.create_index(
        op.f("ix_evaluation_run_protocol_id"), "evaluation_run", ["protocol_id"], unique=False
    )
    op.create_index(
        op.f("ix_evaluation_run_prototype_version_id"),
        "evaluation_run",
        ["prototype_version_id"],
        unique=False,
    )

    op.create_table(
        "subgroup_result",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("result", sa.Double(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_subgroup_result_size_counts")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["evaluation_run.id"], name=op.f("fk_subgroup_result_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subgroup_result")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_subgroup_result_run_id_position")),
    )


def downgrade() -> None:
    op.drop_table("subgroup_result")
    op.drop_index(op.f("ix_evaluation_run_prototype_version_id"), table_name="evaluation_run")
    op.drop_index(op.f("ix_evaluation_run_protocol_id"), table_name="evaluation_run")

    op.drop_table("evaluation_run")
    op.drop_index(op.f("ix_prototype_version_sprint_id"), table_name="prototype_version")

    op.drop_table("prototype_version")
    op.drop_index(op.f("ix_pivot_protocol_id"), table_name="pivot")

    op.drop_table("pivot")
    op.drop_table("evaluation_protocol")
