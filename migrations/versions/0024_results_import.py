"""Files of results that wait for a word, and prints of the lines that came in."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "results_import",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("unknown", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_results_import_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["test_round.id"],
            name=op.f("fk_results_import_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results_import")),
    )
    op.create_index(
        "ix_results_import_round_id_person_id", "results_import", ["round_id", "person_id"]
    )
    op.create_index(op.f("ix_results_import_expires_at"), "results_import", ["expires_at"])
    op.create_table(
        "imported_result",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("print", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["test_round.id"],
            name=op.f("fk_imported_result_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "print", name=op.f("pk_imported_result")),
    )


def downgrade() -> None:
    op.drop_table("imported_result")
    op.drop_table("results_import")
