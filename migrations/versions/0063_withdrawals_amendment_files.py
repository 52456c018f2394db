"""Who withdrew an application, and what it was before, so that they can undo it; the signed document of
each amendment of an agreement; the gates for which an instalment was put off."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    # No batch: SQLite would drop the tables, to which others refer.
    is_sqlite = op.get_bind().dialect.name == "sqlite"  # which adds no constraint to a table that is there
    who = sa.ForeignKey("person.id", name="fk_application_withdrawn_by_id_person")
    op.add_column("application", sa.Column("withdrawn_by_id", sa.Uuid(), who), inline_references=is_sqlite)
    op.add_column("application", sa.Column("state_before", sa.String(32)))
    op.add_column("application", sa.Column("reason_before", sa.Text()))
    op.add_column("funding_agreement", sa.Column("amendment_documents", sa.JSON()))
    op.add_column("instalment_step", sa.Column("gates", sa.JSON()))


def downgrade() -> None:
    op.drop_column("instalment_step", "gates")
    op.drop_column("funding_agreement", "amendment_documents")
    for name in ("reason_before", "state_before", "withdrawn_by_id"):
        op.drop_column("application", name)
