"""What anybody may read of a project, once its programme's lead shows it."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

MOMENT = sa.DateTime(timezone=True)
TEXTS = [
    f"{name}_{language}"
    for name in ("objective", "data", "ai", "gains")
    for language in ("fr", "en")
]


def upgrade() -> None:
    op.create_table(
        "public_card",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.Column("shown_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(shown_at IS NULL) = (shown_by_id IS NULL)",
            name=op.f("ck_public_card_shown_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_public_card_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["shown_by_id"], ["person.id"], name=op.f("fk_public_card_shown_by_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_public_card")),
    )


def downgrade() -> None:
    op.drop_table("public_card")
