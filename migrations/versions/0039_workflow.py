"""A change plan calls its second part a workflow: forms know the other word as a verb of theirs."""

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    with op.batch_alter_table("change_plan") as batch_op:
        batch_op.alter_column("process", new_column_name="workflow")


def downgrade() -> None:
    with op.batch_alter_table("change_plan") as batch_op:
        batch_op.alter_column("workflow", new_column_name="process")
