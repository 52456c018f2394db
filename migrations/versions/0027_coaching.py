"""Recommendations, coaching sessions and what these decide."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "coaching_session",
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "kickoff",
                "business_immersion",
                "weekly_point",
                "business_workshop",
                "clinic",
                "call",
                "workshop",
                name="format",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "next_on IS NULL OR next_on > held_on",
            name=op.f("ck_coaching_session_next_comes_after"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_coaching_session_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_coaching_session_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_coaching_session_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_coaching_session_track_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_session")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_coaching_session_discussion_id")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_coaching_session_project_id_number")
        ),
    )
    with op.batch_alter_table("coaching_session", schema=None) as batch_op:
        batch_op.create_index(
            "ix_coaching_session_project_id_held_on", ["project_id", "held_on"], unique=False
        )

    op.create_table(
        "recommendation",
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("gate", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "proposed",
                "accepted",
                "declined",
                "done",
                "confirmed",
                name="stage",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("decline_reason", sa.String(length=1000), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("proof_link", sa.String(length=500), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_back", sa.String(length=1000), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(stage = 'confirmed') = (confirmed_at IS NOT NULL) AND (confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_recommendation_confirmed_by_name"),
        ),
        sa.CheckConstraint(
            "(stage = 'proposed') = (answered_at IS NULL) AND (answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_recommendation_answered_by_name"),
        ),
        sa.CheckConstraint(
            "(stage IN ('done', 'confirmed')) = (done_at IS NOT NULL) AND (done_at IS NULL) = (done_by_id IS NULL)",
            name=op.f("ck_recommendation_done_by_name"),
        ),
        sa.CheckConstraint(
            "stage <> 'declined' OR decline_reason <> ''",
            name=op.f("ck_recommendation_declined_with_why"),
        ),
        sa.CheckConstraint(
            "what <> '' AND why <> ''", name=op.f("ck_recommendation_says_what_and_why")
        ),
        sa.CheckConstraint("gate BETWEEN 0 AND 11", name=op.f("ck_recommendation_gate")),
        sa.ForeignKeyConstraint(
            ["about_id"], ["discussion.id"], name=op.f("fk_recommendation_about_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_recommendation_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_recommendation_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_recommendation_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_recommendation_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_recommendation_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["person.id"], name=op.f("fk_recommendation_done_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_recommendation_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_recommendation_discussion_id")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_recommendation_project_id_number")
        ),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendation_about_id"), ["about_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_recommendation_comment_id"), ["comment_id"], unique=False
        )
        batch_op.create_index(
            "ix_recommendation_project_id_stage", ["project_id", "stage"], unique=False
        )

    op.create_table(
        "coaching_decision",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("what <> ''", name=op.f("ck_coaching_decision_says_what")),
        sa.CheckConstraint(
            "recommendation_id IS NULL OR item_id IS NULL",
            name=op.f("ck_coaching_decision_becomes_one_thing_at_most"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_coaching_decision_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_coaching_decision_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_coaching_decision_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["coaching_session.id"], name=op.f("fk_coaching_decision_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_decision")),
        sa.UniqueConstraint("item_id", name=op.f("uq_coaching_decision_item_id")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_coaching_decision_project_id_number")
        ),
        sa.UniqueConstraint(
            "recommendation_id", name=op.f("uq_coaching_decision_recommendation_id")
        ),
    )
    with op.batch_alter_table("coaching_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_coaching_decision_session_id"), ["session_id"], unique=False
        )


def downgrade() -> None:
    for table in ("coaching_decision", "recommendation", "coaching_session"):
        op.drop_table(table)
