"""Committee packs: their pages and their paper, kept as they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "committee_pack",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("as_of_at", MOMENT, nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("teams", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_committee_pack_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_committee_pack_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_pack")),
    )
    op.create_index("ix_committee_pack_programme_id_id", "committee_pack", ["programme_id", "id"])
    op.create_index("ix_committee_pack_stage", "committee_pack", ["stage"])
    op.create_table(
        "pack_page",
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["committee_pack.id"], name=op.f("fk_pack_page_pack_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_pack_page_project_id")
        ),
        sa.PrimaryKeyConstraint("pack_id", "position", name=op.f("pk_pack_page")),
    )
    op.create_table(
        "pack_paper",
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["committee_pack.id"], name=op.f("fk_pack_paper_pack_id")
        ),
        sa.PrimaryKeyConstraint("pack_id", name=op.f("pk_pack_paper")),
    )


def downgrade() -> None:
    op.drop_table("pack_paper")
    op.drop_table("pack_page")
    op.drop_table("committee_pack")
