"""Clinics: the help that a sprint asks for, taken by a coach."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "clinic",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("sprint_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL OR outcome <> '')",
            name=op.f("ck_clinic_closed_by_name_with_what_came_of_it"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_clinic_closed_by_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_clinic_project_id")),
        sa.ForeignKeyConstraint(["sprint_id"], ["sprint.id"], name=op.f("fk_clinic_sprint_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("fk_clinic_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
        sa.UniqueConstraint("sprint_id", name=op.f("uq_clinic_sprint_id")),
    )
    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_taken_by_id"), ["taken_by_id"], unique=False)

    op.add_column("sprint", sa.Column("helped_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("sprint", "helped_at")
    op.drop_table("clinic")
