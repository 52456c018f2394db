"""Evidence of a finding goes with the file it points to: a withdrawal leaves no row of it."""

from alembic import op

revision = "0020"
down_revision = "0019"

KEY = "fk_finding_evidence_attachment_id"
NAMES = {"fk": "fk_%(table_name)s_%(column_0_name)s"}


def upgrade() -> None:
    _point("CASCADE")


def downgrade() -> None:
    _point(None)


def _point(rule: str | None) -> None:
    with op.batch_alter_table("finding_evidence", naming_convention=NAMES) as table:
        table.drop_constraint(KEY, type_="foreignkey")
        table.create_foreign_key(KEY, "attachment", ["attachment_id"], ["id"], ondelete=rule)
