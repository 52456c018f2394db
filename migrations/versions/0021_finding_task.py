"""A task that a team removes takes along where findings say that they were seen in it."""

from alembic import op

revision = "0021"
down_revision = "0020"

KEY = "fk_finding_task_task_id"
NAMES = {"fk": "fk_%(table_name)s_%(column_0_name)s"}


def upgrade() -> None:
    _point("CASCADE")


def downgrade() -> None:
    _point(None)


def _point(rule: str | None) -> None:
    with op.batch_alter_table("finding_task", naming_convention=NAMES) as table:
        table.drop_constraint(KEY, type_="foreignkey")
        table.create_foreign_key(KEY, "test_task", ["task_id"], ["id"], ondelete=rule)
