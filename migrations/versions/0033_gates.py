"""Gates: what programmes ask, what was judged of projects and what was decided."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

MOMENT = sa.DateTime(timezone=True)
KEPT = ("gate_terms", "gate_evaluation", "gate_decision")  # only ever appended to


def upgrade() -> None:
    op.create_table(
        "gate_terms",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("gate", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column(
            "acceptor",
            sa.Enum(
                "direction",
                "track_coach",
                "any_coach",
                "reviewer",
                name="acceptor",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("track", sa.String(length=60), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("because <> ''", name=op.f("ck_gate_terms_says_why")),
        sa.CheckConstraint("month BETWEEN 0 AND 36", name=op.f("ck_gate_terms_month")),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name=op.f("ck_gate_terms_weight")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_gate_terms_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_gate_terms_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_terms")),
        sa.UniqueConstraint(
            "programme_id", "gate", "edition", name=op.f("uq_gate_terms_programme_id_gate_edition")
        ),
    )
    op.create_table(
        "change_plan",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("missions", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("training", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_change_plan_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_plan")),
        sa.UniqueConstraint("project_id", name=op.f("uq_change_plan_project_id")),
    )
    op.create_table(
        "engagement",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("sponsor_id", sa.Uuid(), nullable=True),
        sa.Column("business_owner_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_owner_id"], ["person.id"], name=op.f("fk_engagement_business_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_engagement_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["person.id"], name=op.f("fk_engagement_sponsor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("project_id", name=op.f("uq_engagement_project_id")),
    )
    op.create_table(
        "project_gates",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_gates_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_gates")),
    )
    op.create_table(
        "gate_evaluation",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("gate", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("is_proved", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project_gates.project_id"], name=op.f("fk_gate_evaluation_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_evaluation")),
    )
    with op.batch_alter_table("gate_evaluation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gate_evaluation_project_id_gate_id", ["project_id", "gate", "id"], unique=False
        )

    op.create_table(
        "gate_talk",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("gate", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_gate_talk_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project_gates.project_id"], name=op.f("fk_gate_talk_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "gate", name=op.f("pk_gate_talk")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_gate_talk_discussion_id")),
    )
    op.create_table(
        "gate_decision",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("gate", sa.Integer(), nullable=False),
        sa.Column(
            "verb",
            sa.Enum(
                "declared",
                "withdrawn",
                "accepted",
                "refused",
                "waived",
                "restored",
                name="verb",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "reason <> '' OR verb NOT IN ('refused', 'waived', 'restored')",
            name=op.f("ck_gate_decision_says_why"),
        ),
        sa.CheckConstraint(
            "verb <> 'accepted' OR evaluation_id IS NOT NULL",
            name=op.f("ck_gate_decision_accepted_on_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_gate_decision_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["gate_evaluation.id"], name=op.f("fk_gate_decision_evaluation_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project_gates.project_id"], name=op.f("fk_gate_decision_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_decision")),
    )
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gate_decision_evaluation_id"), ["evaluation_id"], unique=False
        )
        batch_op.create_index(
            "ix_gate_decision_project_id_gate_id", ["project_id", "gate", "id"], unique=False
        )

    op.create_table(
        "panel",
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("members", sa.String(length=300), nullable=False),
        sa.Column("prototype_version_id", sa.Uuid(), nullable=True),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "continue",
                "transfer",
                "pivot",
                "stop",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("reasons <> ''", name=op.f("ck_panel_decided_with_reasons")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_panel_project_id")),
        sa.ForeignKeyConstraint(
            ["prototype_version_id"],
            ["prototype_version.id"],
            name=op.f("fk_panel_prototype_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_panel_project_id_number")),
    )
    with op.batch_alter_table("panel", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_panel_prototype_version_id"), ["prototype_version_id"], unique=False
        )
    for table in KEPT:
        _guard(table)


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )


def downgrade() -> None:
    with op.batch_alter_table("panel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_prototype_version_id"))

    op.drop_table("panel")
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_gate_decision_project_id_gate_id")
        batch_op.drop_index(batch_op.f("ix_gate_decision_evaluation_id"))

    op.drop_table("gate_decision")
    op.drop_table("gate_talk")
    with op.batch_alter_table("gate_evaluation", schema=None) as batch_op:
        batch_op.drop_index("ix_gate_evaluation_project_id_gate_id")

    op.drop_table("gate_evaluation")
    op.drop_table("project_gates")
    op.drop_table("engagement")
    op.drop_table("change_plan")
    op.drop_table("gate_terms")
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(f"DROP FUNCTION {table}_refuse()")
