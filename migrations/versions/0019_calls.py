"""Calls for applications: criteria, jury members, applications."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "call",
        sa.Column("programme_id", sa.Uuid(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_fr", sa.String(200), nullable=False),
        sa.Column("title_en", sa.String(200), nullable=False),
        sa.Column("purpose_fr", sa.Text(), nullable=False),
        sa.Column("purpose_en", sa.Text(), nullable=False),
        sa.Column("support_fr", sa.Text(), nullable=False),
        sa.Column("support_en", sa.Text(), nullable=False),
        sa.Column("apply_url", sa.String(300), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("results_on", sa.Date()),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("scores_needed", sa.Integer(), nullable=False),
        sa.Column("load_max", sa.Integer()),
        sa.Column("tie_rule", sa.String(32)),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("shown_at", moment),
        sa.Column("shown_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("signatory_name", sa.String(200), nullable=False),
        sa.Column("signatory_function", sa.String(200), nullable=False),
        sa.Column("appeal_terms", sa.Text(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=False),
        sa.Column("retention_months", sa.Integer(), nullable=False),
        sa.Column("ranking_due_at", moment),
        sa.Column("ranked_at", moment),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("places BETWEEN 1 AND 999", name="places"),
        sa.CheckConstraint("scores_needed BETWEEN 1 AND 20", name="scores_needed"),
        sa.CheckConstraint("(shown_at IS NULL) = (shown_by_id IS NULL)", name="shown_by_name"),
        sa.UniqueConstraint("programme_id", "number"),
    )
    op.create_table(
        "call_criterion",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name_fr", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("minimum_tenths", sa.Integer()),
        sa.Column("levels_fr", sa.JSON(), nullable=False),
        sa.Column("levels_en", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("minimum_tenths BETWEEN 0 AND 50", name="minimum_tenths"),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),
        sa.UniqueConstraint("call_id", "key"),
    )
    op.create_table(
        "jury_member",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("employer", sa.String(200), nullable=False),
        sa.Column("company_number", sa.String(14), nullable=False),
        sa.Column("load_max", sa.Integer()),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("load_max BETWEEN 1 AND 999", name="load_max"),
        sa.UniqueConstraint("call_id", "person_id"),
    )
    op.create_index(op.f("ix_jury_member_person_id"), "jury_member", ["person_id"])
    op.create_table(
        "application",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("external_id", sa.String(100)),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("organisation_fold", sa.String(400), nullable=False),
        sa.Column("company_number", sa.String(14), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("benefits", sa.Text(), nullable=False),
        sa.Column("data_sources", sa.Text(), nullable=False),
        sa.Column("target_groups", sa.Text(), nullable=False),
        sa.Column("ethical_risks", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.String(120), nullable=False),
        sa.Column("contact_email", sa.String(254), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("conditions_met", sa.JSON(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("opened_at", moment),
        sa.Column("opened_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("opened_reason", sa.Text(), nullable=False),
        sa.Column("total_hundredths", sa.Integer()),
        sa.Column("is_below", sa.Boolean(), nullable=False),
        sa.Column("is_dispersed", sa.Boolean(), nullable=False),
        sa.Column("project_id", sa.Uuid(), sa.ForeignKey("project.id")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("(origin = 'typed') = (external_id IS NULL)", name="external_id_of_import"),
        sa.UniqueConstraint("call_id", "external_id"),
        sa.UniqueConstraint("call_id", "number"),
    )
    op.create_index(op.f("ix_application_call_id_state"), "application", ["call_id", "state"])
    op.create_table(
        "application_member",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("function", sa.String(200), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_application_member_application_id"), "application_member", ["application_id"])
    op.create_table(
        "application_message",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("is_from_jury", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_application_message_application_id"), "application_message", ["application_id"])
    op.create_table(
        "lead_conflict",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undo_asked_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("undo_reason", sa.Text(), nullable=False),
        sa.Column("ended_at", moment),
        sa.Column("ended_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("ended_by_id <> undo_asked_by_id", name="ended_by_two"),
    )
    op.create_index(op.f("ix_lead_conflict_application_id"), "lead_conflict", ["application_id"])
    op.create_index(
        op.f("ix_lead_conflict_person_id_application_id"), "lead_conflict", ["person_id", "application_id"]
    )
    op.create_table(
        "named_lead",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("named_by_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("undo_asked_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("ended_at", moment),
        sa.Column("ended_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("ended_by_id <> undo_asked_by_id", name="ended_by_two"),
    )
    op.create_index(op.f("ix_named_lead_application_id"), "named_lead", ["application_id"])


def downgrade() -> None:
    op.drop_table("named_lead")
    op.drop_table("lead_conflict")
    op.drop_table("application_message")
    op.drop_table("application_member")
    op.drop_table("application")
    op.drop_table("jury_member")
    op.drop_table("call_criterion")
    op.drop_table("call")
