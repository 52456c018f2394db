"""Ethics reviews: what teams answer, round after round, and decisions that nobody changes."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

MOMENT = sa.DateTime(timezone=True)

# A decision is signed: whoever asks the database, it stays as it is.
SQLITE_GUARDS = (
    """
    CREATE TRIGGER review_decision_no_update BEFORE UPDATE ON review_decision
    BEGIN SELECT RAISE(ABORT, 'review_decision is append-only'); END
    """,
    """
    CREATE TRIGGER review_decision_no_delete BEFORE DELETE ON review_decision
    BEGIN SELECT RAISE(ABORT, 'review_decision is append-only'); END
    """,
    """
    CREATE TRIGGER review_decision_no_replace BEFORE INSERT ON review_decision
    WHEN EXISTS (SELECT 1 FROM review_decision WHERE id = NEW.id OR round_id = NEW.round_id)
    BEGIN SELECT RAISE(ABORT, 'review_decision is append-only'); END
    """,
)
POSTGRESQL_GUARD = """
CREATE FUNCTION review_decision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'review_decision is append-only'; END $$;
CREATE TRIGGER review_decision_no_change BEFORE UPDATE OR DELETE ON review_decision
FOR EACH ROW EXECUTE FUNCTION review_decision_refuse();
CREATE TRIGGER review_decision_no_truncate BEFORE TRUNCATE ON review_decision
FOR EACH STATEMENT EXECUTE FUNCTION review_decision_refuse();
"""


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "in_review",
                "accepted",
                "accepted_with_conditions",
                "refused",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("chosen_at", MOMENT, nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state = 'draft' OR submitted_at IS NOT NULL", name=op.f("ck_review_submitted_first")
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'accepted_with_conditions', 'refused') OR decided_at IS NOT NULL",
            name=op.f("ck_review_decided_at_some_moment"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_review') OR reviewer_id IS NOT NULL",
            name=op.f("ck_review_taken_by_somebody"),
        ),
        _points("review", "discussion_id", "discussion"),
        _points("review", "edition_id", "questionnaire_edition"),
        _points("review", "opened_by_id", "person"),
        _points("review", "project_id", "project"),
        _points("review", "reviewer_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_review_discussion_id")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_review_project_id_number")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_reviewer_id"), ["reviewer_id"], unique=False)
        batch_op.create_index(
            "ix_review_state_submitted_at", ["state", "submitted_at"], unique=False
        )
        batch_op.create_index(
            "uq_review_under_way",
            ["project_id", "kind"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'submitted', 'in_review')"),
            postgresql_where=sa.text("state IN ('draft', 'submitted', 'in_review')"),
        )

    op.create_table(
        "review_answer",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_review_answer_answered_by_somebody"),
        ),
        _points("review_answer", "answered_by_id", "person"),
        _points("review_answer", "discussion_id", "discussion"),
        _points("review_answer", "project_id", "project"),
        _points("review_answer", "review_id", "review"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_answer")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_review_answer_discussion_id")),
        sa.UniqueConstraint("review_id", "item", name=op.f("uq_review_answer_review_id_item")),
    )
    with op.batch_alter_table("review_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_answer_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "review_round",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "why",
            sa.Enum("opened", "more", "reopened", name="why", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("prototype_version_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "why = 'opened' OR because <> ''", name=op.f("ck_review_round_begun_with_why")
        ),
        _points("review_round", "begun_by_id", "person"),
        sa.ForeignKeyConstraint(
            ["prototype_version_id"],
            ["prototype_version.id"],
            name=op.f("fk_review_round_prototype_version_id"),
        ),
        _points("review_round", "review_id", "review"),
        _points("review_round", "submitted_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_round")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_review_round_review_id_number")),
    )
    op.create_table(
        "review_condition",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=1000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("proof_link", sa.String(length=500), nullable=False),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.Column("proved_by_id", sa.Uuid(), nullable=True),
        sa.Column("returned_because", sa.String(length=1000), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("what <> ''", name=op.f("ck_review_condition_says_what")),
        sa.CheckConstraint(
            "(proved_at IS NULL) = (proved_by_id IS NULL)",
            name=op.f("ck_review_condition_proved_by_somebody"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR (confirmed_by_id IS NOT NULL AND proved_at IS NOT NULL)",
            name=op.f("ck_review_condition_confirmed_once_proved"),
        ),
        _points("review_condition", "confirmed_by_id", "person"),
        _points("review_condition", "project_id", "project"),
        _points("review_condition", "proved_by_id", "person"),
        _points("review_condition", "review_id", "review"),
        _points("review_condition", "round_id", "review_round"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_condition")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_review_condition_project_id_number")
        ),
    )
    with op.batch_alter_table("review_condition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_condition_review_id"), ["review_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_review_condition_round_id"), ["round_id"], unique=False
        )

    op.create_table(
        "review_decision",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "draft",
                "submitted",
                "in_review",
                "accepted",
                "accepted_with_conditions",
                "refused",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("signed_by_id", sa.Uuid(), nullable=False),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("edition_version", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("reasons <> ''", name=op.f("ck_review_decision_decided_with_reasons")),
        _points("review_decision", "edition_id", "questionnaire_edition"),
        _points("review_decision", "review_id", "review"),
        _points("review_decision", "round_id", "review_round"),
        _points("review_decision", "signed_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decision")),
        sa.UniqueConstraint("round_id", name=op.f("uq_review_decision_round_id")),
    )
    with op.batch_alter_table("review_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_decision_review_id"), ["review_id"], unique=False
        )

    op.create_table(
        "review_opinion",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("lacks", sa.Boolean(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _points("review_opinion", "round_id", "review_round"),
        _points("review_opinion", "written_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_opinion")),
        sa.UniqueConstraint("round_id", "section", name=op.f("uq_review_opinion_round_id_section")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_GUARD)
    else:
        for guard in SQLITE_GUARDS:
            op.execute(guard)


def downgrade() -> None:
    op.drop_table("review_opinion")
    op.drop_table("review_decision")
    op.drop_table("review_condition")
    op.drop_table("review_round")
    op.drop_table("review_answer")
    op.drop_table("review")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION review_decision_refuse()")
