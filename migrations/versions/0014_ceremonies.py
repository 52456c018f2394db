"""Demonstrations, retrospectives and their actions; an item says what it came from."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "retrospective",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("sprint_id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("went_well", sa.Text(), nullable=False),
        sa.Column("went_badly", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_retrospective_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_retrospective_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["sprint_id"], ["sprint.id"], name=op.f("fk_retrospective_sprint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retrospective")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_retrospective_discussion_id")),
        sa.UniqueConstraint("sprint_id", name=op.f("uq_retrospective_sprint_id")),
    )
    op.create_index("ix_retrospective_project_id", "retrospective", ["project_id"])

    op.create_table(
        "demonstration",
        sa.Column("sprint_id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("prototype_version_id", sa.Uuid(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("team_business", sa.Integer(), nullable=False),
        sa.Column("team_technical", sa.Integer(), nullable=False),
        sa.Column("agents", sa.Integer(), nullable=False),
        sa.Column("citizens", sa.Integer(), nullable=False),
        sa.Column("management", sa.Integer(), nullable=False),
        sa.Column("support", sa.Integer(), nullable=False),
        sa.Column("coaches", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("agents BETWEEN 0 AND 999", name=op.f("ck_demonstration_agents_counts")),
        sa.CheckConstraint(
            "citizens BETWEEN 0 AND 999", name=op.f("ck_demonstration_citizens_counts")
        ),
        sa.CheckConstraint(
            "coaches BETWEEN 0 AND 999", name=op.f("ck_demonstration_coaches_counts")
        ),
        sa.CheckConstraint(
            "management BETWEEN 0 AND 999", name=op.f("ck_demonstration_management_counts")
        ),
        sa.CheckConstraint("others BETWEEN 0 AND 999", name=op.f("ck_demonstration_others_counts")),
        sa.CheckConstraint(
            "support BETWEEN 0 AND 999", name=op.f("ck_demonstration_support_counts")
        ),
        sa.CheckConstraint(
            "team_business + team_technical + agents + citizens + management + support + coaches + others >= 1",
            name=op.f("ck_demonstration_somebody_came"),
        ),
        sa.CheckConstraint(
            "team_business BETWEEN 0 AND 999", name=op.f("ck_demonstration_team_business_counts")
        ),
        sa.CheckConstraint(
            "team_technical BETWEEN 0 AND 999", name=op.f("ck_demonstration_team_technical_counts")
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_demonstration_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_demonstration_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["prototype_version_id"],
            ["prototype_version.id"],
            name=op.f("fk_demonstration_prototype_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sprint_id"], ["sprint.id"], name=op.f("fk_demonstration_sprint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_demonstration_discussion_id")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_demonstration_project_id_number")
        ),
    )
    op.create_index(
        "ix_demonstration_prototype_version_id", "demonstration", ["prototype_version_id"]
    )
    op.create_index("ix_demonstration_sprint_id", "demonstration", ["sprint_id"])

    op.create_table(
        "retro_action",
        sa.Column("retrospective_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "settlement",
            sa.Enum("done", "dropped", name="settlement", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("what <> ''", name=op.f("ck_retro_action_says_what")),
        sa.CheckConstraint(
            "(settlement IS NULL) = (settled_at IS NULL)",
            name=op.f("ck_retro_action_settled_at_some_moment"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_retro_action_item_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_retro_action_owner_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_retro_action_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["retrospective_id"],
            ["retrospective.id"],
            name=op.f("fk_retro_action_retrospective_id"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_retro_action_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retro_action")),
        sa.UniqueConstraint("item_id", name=op.f("uq_retro_action_item_id")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_retro_action_project_id_number")),
    )
    op.create_index(
        "ix_retro_action_project_id_settled_at", "retro_action", ["project_id", "settled_at"]
    )
    op.create_index("ix_retro_action_retrospective_id", "retro_action", ["retrospective_id"])

    # A plain column with a default: the items that are there were typed, and came from nothing.
    op.add_column("item", sa.Column("origin", sa.String(300), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("item", "origin")

    op.drop_index("ix_retro_action_retrospective_id", table_name="retro_action")
    op.drop_index("ix_retro_action_project_id_settled_at", table_name="retro_action")

    op.drop_table("retro_action")
    op.drop_index("ix_demonstration_sprint_id", table_name="demonstration")
    op.drop_index("ix_demonstration_prototype_version_id", table_name="demonstration")

    op.drop_table("demonstration")
    op.drop_index("ix_retrospective_project_id", table_name="retrospective")

    op.drop_table("retrospective")
