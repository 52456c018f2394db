"""Views of a portfolio that people keep."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "portfolio_view",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=600), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_portfolio_view_has_a_name")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_portfolio_view_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_portfolio_view_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_view")),
    )
    with op.batch_alter_table("portfolio_view", schema=None) as batch_op:
        for column in ("person_id", "programme_id"):
            batch_op.create_index(f"ix_portfolio_view_{column}", [column], unique=False)


def downgrade() -> None:
    op.drop_table("portfolio_view")
