"""Projects, their sprints, forms sent once, and what is said beside them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "person_id", "form", "key", name=op.f("uq_submission_person_id_form_key")
        ),
    )
    op.create_table(
        "discussion",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_discussion_scope_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion")),
    )
    op.create_index(op.f("ix_discussion_scope_id"), "discussion", ["scope_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("organisation_fold", sa.String(length=400), nullable=False),
        sa.Column("acronym", sa.String(length=40), nullable=False),
        sa.Column("title_fr", sa.String(length=250), nullable=False),
        sa.Column("title_en", sa.String(length=250), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("users_aimed_at", sa.String(length=300), nullable=False),
        sa.Column("repository_url", sa.String(length=500), nullable=False),
        sa.Column("demonstration_url", sa.String(length=500), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("stop_reason", sa.Text(), nullable=False),
        sa.Column("learnings", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stopped_on IS NULL OR (stop_reason <> '' AND learnings <> '')",
            name=op.f("ck_project_stopped_with_why"),
        ),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_project_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_project_discussion_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["scope.id"], name=op.f("fk_project_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_project_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_project_discussion_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_project_slug")),
    )
    op.create_index(op.f("ix_project_programme_id"), "project", ["programme_id"], unique=False)
    op.create_table(
        "read_mark",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_read_mark_discussion_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_read_mark_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_mark")),
        sa.UniqueConstraint(
            "person_id", "discussion_id", name=op.f("uq_read_mark_person_id_discussion_id")
        ),
    )
    op.create_index(
        op.f("ix_read_mark_discussion_id"), "read_mark", ["discussion_id"], unique=False
    )
    op.create_table(
        "thread",
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_thread_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["person.id"], name=op.f("fk_thread_resolved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_index(op.f("ix_thread_discussion_id"), "thread", ["discussion_id"], unique=False)
    op.create_table(
        "comment",
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id")),
        sa.ForeignKeyConstraint(
            ["deleted_by_id"], ["person.id"], name=op.f("fk_comment_deleted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_comment_discussion_id")
        ),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_comment_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_discussion_id"), "comment", ["discussion_id"], unique=False)
    op.create_index("ix_comment_thread_id_id", "comment", ["thread_id", "id"], unique=False)
    op.create_table(
        "project_track",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_track_project_id")
        ),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_project_track_track_id")),
        sa.PrimaryKeyConstraint("project_id", "track_id", name=op.f("pk_project_track")),
    )
    op.create_table(
        "sprint",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("met", "partly", "missed", name="outcome", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("shown_to", sa.String(length=200), nullable=False),
        sa.Column("shown_link", sa.String(length=500), nullable=False),
        sa.Column("learnt", sa.Text(), nullable=False),
        sa.Column("indicator", sa.String(length=200), nullable=False),
        sa.Column("indicator_before", sa.Double(), nullable=True),
        sa.Column("indicator_after", sa.Double(), nullable=True),
        sa.Column("test_set_size", sa.Integer(), nullable=True),
        sa.Column(
            "blocker",
            sa.Enum(
                "none",
                "data_access",
                "annotation",
                "contractor",
                "it",
                "legal_dpo",
                "people",
                name="blocker",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("blocker_text", sa.Text(), nullable=False),
        sa.Column("help_wanted", sa.Boolean(), nullable=False),
        sa.Column("decision_awaited", sa.Text(), nullable=False),
        sa.Column(
            "outlook",
            sa.Enum(
                "sunny", "cloudy", "rainy", "stormy", name="outlook", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column("outlook_note", sa.String(length=200), nullable=False),
        sa.Column("next_goal", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "closed_at IS NULL OR (outcome IS NOT NULL AND summary <> '')",
            name=op.f("ck_sprint_closed_with_outcome"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR started_at IS NOT NULL",
            name=op.f("ck_sprint_closed_once_started"),
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_sprint_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_sprint_discussion_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_sprint_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sprint")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_sprint_discussion_id")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_sprint_project_id_number")),
    )
    op.create_index(
        "uq_sprint_one_active",
        "sprint",
        ["project_id"],
        unique=True,
        sqlite_where=sa.text("started_at IS NOT NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("started_at IS NOT NULL AND closed_at IS NULL"),
    )
    op.create_table(
        "earlier_text",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_earlier_text_comment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_text")),
    )
    op.create_index(
        op.f("ix_earlier_text_comment_id"), "earlier_text", ["comment_id"], unique=False
    )
    op.create_table(
        "mention",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_mention_comment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mention_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint(
            "comment_id", "person_id", name=op.f("uq_mention_comment_id_person_id")
        ),
    )
    op.create_index(op.f("ix_mention_person_id"), "mention", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_mention_person_id"), table_name="mention")
    op.drop_table("mention")
    op.drop_index(op.f("ix_earlier_text_comment_id"), table_name="earlier_text")
    op.drop_table("earlier_text")
    op.drop_index(
        "uq_sprint_one_active",
        table_name="sprint",
        sqlite_where=sa.text("started_at IS NOT NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("started_at IS NOT NULL AND closed_at IS NULL"),
    )
    op.drop_table("sprint")
    op.drop_table("project_track")
    op.drop_index("ix_comment_thread_id_id", table_name="comment")
    op.drop_index(op.f("ix_comment_discussion_id"), table_name="comment")
    op.drop_table("comment")
    op.drop_index(op.f("ix_thread_discussion_id"), table_name="thread")
    op.drop_table("thread")
    op.drop_index(op.f("ix_read_mark_discussion_id"), table_name="read_mark")
    op.drop_table("read_mark")
    op.drop_index(op.f("ix_project_programme_id"), table_name="project")
    op.drop_table("project")
    op.drop_index(op.f("ix_discussion_scope_id"), table_name="discussion")
    op.drop_table("discussion")
    op.drop_table("submission")
