"""Target groups, assumptions, interviews, and impact metrics with their definitions and values."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "assumption",
        sa.Column("statement", sa.String(length=300), nullable=False),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("open", "confirmed", "refuted", name="verdict", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(verdict = 'open') = (settled_on IS NULL)",
            name=op.f("ck_assumption_settled_with_a_date"),
        ),
        sa.CheckConstraint("risk BETWEEN 1 AND 5", name=op.f("ck_assumption_risk_on_its_scale")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_assumption_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assumption")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_assumption_project_id_number")),
    )
    op.create_table(
        "impact_metric",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("up", "down", name="direction", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("baseline_source", sa.String(length=300), nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "baseline IS NULL OR baseline_on IS NOT NULL",
            name=op.f("ck_impact_metric_baseline_with_its_date"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_impact_metric_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_metric")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_impact_metric_project_id_number")
        ),
    )
    op.create_table(
        "target_group",
        sa.Column(
            "audience",
            sa.Enum("agents", "citizens", name="audience", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("access_needs", sa.Text(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_target_group_size_counts")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_target_group_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_group")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_target_group_project_id_number")),
    )
    op.create_table(
        "interview",
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("target_group_id", sa.Uuid(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("learnt", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("people >= 1", name=op.f("ck_interview_somebody_spoke")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_interview_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_group_id"], ["target_group.id"], name=op.f("fk_interview_target_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_interview_project_id_number")),
    )
    op.create_index(
        op.f("ix_interview_target_group_id"), "interview", ["target_group_id"], unique=False
    )

    op.create_table(
        "measurement",
        sa.Column("metric_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("set_aside_on", sa.Date(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sample_size >= 0", name=op.f("ck_measurement_sample_counts")),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["impact_metric.id"], name=op.f("fk_measurement_metric_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_measurement_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_measurement_project_id_number")),
    )
    op.create_index(op.f("ix_measurement_metric_id"), "measurement", ["metric_id"], unique=False)

    op.create_table(
        "metric_definition",
        sa.Column("metric_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("up", "down", name="direction", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("baseline_source", sa.String(length=300), nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["impact_metric.id"], name=op.f("fk_metric_definition_metric_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_definition")),
        sa.UniqueConstraint(
            "metric_id", "edition", name=op.f("uq_metric_definition_metric_id_edition")
        ),
    )


def downgrade() -> None:
    op.drop_table("metric_definition")
    op.drop_index(op.f("ix_measurement_metric_id"), table_name="measurement")

    op.drop_table("measurement")
    op.drop_index(op.f("ix_interview_target_group_id"), table_name="interview")

    op.drop_table("interview")
    op.drop_table("target_group")
    op.drop_table("impact_metric")
    op.drop_table("assumption")
