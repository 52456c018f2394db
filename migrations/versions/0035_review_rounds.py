"""A round of a review keeps the edition of the questions that it answered."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    with op.batch_alter_table("review_round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            "fk_review_round_edition_id", "questionnaire_edition", ["edition_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("review_round", schema=None) as batch_op:
        batch_op.drop_constraint("fk_review_round_edition_id", type_="foreignkey")
        batch_op.drop_column("edition_id")
