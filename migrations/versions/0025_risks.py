"""Risks of a project, and what is done about them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "risk",
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("affected", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("residual_likelihood", sa.Integer(), nullable=True),
        sa.Column("residual_severity", sa.Integer(), nullable=True),
        sa.Column("residual_reason", sa.Text(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closing_reason", sa.String(length=1000), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL OR closing_reason <> '')",
            name=op.f("ck_risk_closed_by_name_with_a_reason"),
        ),
        sa.CheckConstraint("what <> ''", name=op.f("ck_risk_says_what")),
        sa.CheckConstraint(
            "(residual_likelihood IS NULL) = (residual_severity IS NULL)",
            name=op.f("ck_risk_residual_whole"),
        ),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 4", name=op.f("ck_risk_likelihood_on_scale")),
        sa.CheckConstraint(
            "residual_likelihood BETWEEN 1 AND 4", name=op.f("ck_risk_residual_likelihood_on_scale")
        ),
        sa.CheckConstraint(
            "residual_severity BETWEEN 1 AND 4", name=op.f("ck_risk_residual_severity_on_scale")
        ),
        sa.CheckConstraint("severity BETWEEN 1 AND 4", name=op.f("ck_risk_severity_on_scale")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_risk_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_risk_discussion_id")
        ),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_risk_finding_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_risk_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_risk_discussion_id")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_risk_project_id_number")),
    )
    with op.batch_alter_table("risk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_risk_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "mitigation",
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "progress",
            sa.Enum(
                "planned",
                "under_way",
                "in_place",
                "dropped",
                name="progress",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proof_link", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("reminded_of", sa.Date(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(progress IN ('in_place', 'dropped')) = (settled_at IS NOT NULL)",
            name=op.f("ck_mitigation_settled_at_some_moment"),
        ),
        sa.CheckConstraint(
            "progress <> 'dropped' OR note <> ''", name=op.f("ck_mitigation_dropped_with_why")
        ),
        sa.CheckConstraint("what <> ''", name=op.f("ck_mitigation_says_what")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_mitigation_owner_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_mitigation_project_id")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risk.id"], name=op.f("fk_mitigation_risk_id")),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_mitigation_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mitigation")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_mitigation_project_id_number")),
    )
    with op.batch_alter_table("mitigation", schema=None) as batch_op:
        batch_op.create_index("ix_mitigation_progress_due_on", ["progress", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_mitigation_risk_id"), ["risk_id"], unique=False)


def downgrade() -> None:
    op.drop_table("mitigation")
    op.drop_table("risk")
