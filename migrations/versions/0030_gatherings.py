"""Collective sessions of a programme: who came, and sums of what was thought of them."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "gathering",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_gathering_has_a_title")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_gathering_author_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_gathering_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering")),
        sa.UniqueConstraint(
            "programme_id", "number", name=op.f("uq_gathering_programme_id_number")
        ),
    )
    op.create_table(
        "gathering_attendance",
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people BETWEEN 0 AND 99", name=op.f("ck_gathering_attendance_people")),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_gathering_attendance_gathering_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_gathering_attendance_project_id")
        ),
        sa.PrimaryKeyConstraint("gathering_id", "project_id", name=op.f("pk_gathering_attendance")),
    )
    op.create_table(
        "satisfaction_given",
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_satisfaction_given_gathering_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_satisfaction_given_person_id")
        ),
        sa.PrimaryKeyConstraint("gathering_id", "person_id", name=op.f("pk_satisfaction_given")),
    )
    op.create_table(
        "satisfaction_tally",
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.CheckConstraint("given >= 0", name=op.f("ck_satisfaction_tally_counts")),
        sa.CheckConstraint(
            "question BETWEEN 1 AND 3 AND mark BETWEEN 1 AND 5",
            name=op.f("ck_satisfaction_tally_on_scale"),
        ),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_satisfaction_tally_gathering_id")
        ),
        sa.PrimaryKeyConstraint(
            "gathering_id", "question", "mark", name=op.f("pk_satisfaction_tally")
        ),
    )


def downgrade() -> None:
    for table in (
        "satisfaction_tally",
        "satisfaction_given",
        "gathering_attendance",
        "gathering",
    ):
        op.drop_table(table)
