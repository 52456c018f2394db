"""Juries of calls: scores, ranking, decisions, publications, appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "jury_assignment",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("published_at", moment),
        sa.Column("declaration", sa.String(32), nullable=False),
        sa.Column("declared_at", moment),
        sa.Column("conflict_reason", sa.Text(), nullable=False),
        sa.Column("recused_at", moment),
        sa.Column("sent_at", moment),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("declaration <> 'conflict' OR recused_at IS NOT NULL", name="conflict_recuses"),
        sa.CheckConstraint("sent_at IS NULL OR declaration = 'clear'", name="sent_when_clear"),
        sa.UniqueConstraint("application_id", "person_id"),
    )
    op.create_index(op.f("ix_jury_assignment_person_id"), "jury_assignment", ["person_id"])
    op.create_table(
        "juror_score",
        sa.Column("assignment_id", sa.Uuid(), sa.ForeignKey("jury_assignment.id"), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), sa.ForeignKey("call_criterion.id"), nullable=False),
        sa.Column("value", sa.Integer()),
        sa.Column("abstains", sa.Boolean(), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("value IS NULL OR NOT abstains", name="abstaining_is_no_score"),
        sa.CheckConstraint("value BETWEEN 0 AND 5", name="value"),
        sa.UniqueConstraint("assignment_id", "criterion_id"),
    )
    op.create_table(
        "score_change",
        sa.Column("score_id", sa.Uuid(), sa.ForeignKey("juror_score.id"), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("old_value", sa.Integer()),
        sa.Column("new_value", sa.Integer()),
        sa.Column("old_justification", sa.Text(), nullable=False),
        sa.Column("new_justification", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_score_change_score_id"), "score_change", ["score_id"])
    op.create_table(
        "settled_conflict",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("grounds", sa.String(200), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_by_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.UniqueConstraint("application_id", "person_id"),
    )
    op.create_table(
        "stored_rank",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("rank", sa.Integer()),
        sa.Column("best_by_jurors", sa.Integer()),
        sa.Column("worst_by_jurors", sa.Integer()),
        sa.Column("best_by_weights", sa.Integer()),
        sa.Column("worst_by_weights", sa.Integer()),
        sa.Column("is_on_line", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.UniqueConstraint("application_id"),
    )
    op.create_table(
        "deliberation",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), primary_key=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("attendees", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "call_publication",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("signatory_name", sa.String(200), nullable=False),
        sa.Column("signatory_function", sa.String(200), nullable=False),
        sa.Column("appeal_terms", sa.Text(), nullable=False),
        sa.Column("appeal_until", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.UniqueConstraint("call_id", "number"),
    )
    op.create_table(
        "application_decision",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), primary_key=True),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("letter_text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("publication_id", sa.Uuid(), sa.ForeignKey("call_publication.id")),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index(
        op.f("ix_application_decision_publication_id"), "application_decision", ["publication_id"]
    )
    op.create_table(
        "application_appeal",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("examined_on", sa.Date()),
        sa.Column("examination", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("closed_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("old_outcome", sa.String(32)),
        sa.Column("new_outcome", sa.String(32)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("(state = 'granted') = (new_outcome IS NOT NULL)", name="granted_changes"),
        sa.UniqueConstraint("application_id", "number"),
    )
    op.create_table(
        "purged_application",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("total_hundredths", sa.Integer()),
        sa.Column("rank", sa.Integer()),
        sa.Column("purged_at", moment, nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_purged_application_call_id"), "purged_application", ["call_id"])


def downgrade() -> None:
    op.drop_table("purged_application")
    op.drop_table("application_appeal")
    op.drop_table("application_decision")
    op.drop_table("call_publication")
    op.drop_table("deliberation")
    op.drop_table("stored_rank")
    op.drop_table("settled_conflict")
    op.drop_table("score_change")
    op.drop_table("juror_score")
    op.drop_table("jury_assignment")
