"""When the source last changed an application, which words of a lead an import replaced, what a run
read in part, and the columns of a call's files that the last one lacked."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    op.add_column("application_source", sa.Column("source_updated_at", sa.String(40)))
    op.add_column("application_source", sa.Column("replaced_words", sa.JSON()))
    op.add_column("application_import", sa.Column("remarks", sa.JSON()))
    op.add_column("application_file", sa.Column("remembered_mapping", sa.JSON()))


def downgrade() -> None:
    op.drop_column("application_file", "remembered_mapping")
    op.drop_column("application_import", "remarks")
    op.drop_column("application_source", "replaced_words")
    op.drop_column("application_source", "source_updated_at")
