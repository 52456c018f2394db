"""Several snapshots of the start or of the close of a sprint: a step that was undone leaves its own.

SQLite rebuilds the table, which drops its triggers and may not happen while other rows refer to it:
`snapshot_item` is set aside meanwhile, and both get their triggers again. Going back is refused once a
step was undone: its snapshot would have to go.
"""

from typing import Any

from alembic import op

from migrations import columns as c

revision = "0018"
down_revision = "0017"

BEFORE = ("iteration_id", "moment")
AFTER = (*BEFORE, "created_at")


def upgrade() -> None:
    _identify_snapshots(BEFORE, AFTER)


def downgrade() -> None:
    _identify_snapshots(AFTER, BEFORE)


def _identify_snapshots(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("CREATE TABLE snapshot_item_aside AS SELECT * FROM snapshot_item")
        op.drop_table("snapshot_item")
    with op.batch_alter_table("snapshot") as batch:
        batch.drop_constraint("uq_snapshot_" + "_".join(before), type_="unique")
        batch.create_unique_constraint("uq_snapshot_" + "_".join(after), after)
    if is_sqlite:
        c.append_only("snapshot", "id")
        c.make_tables({"snapshot_item": _snapshot_item()})
        op.execute("INSERT INTO snapshot_item SELECT * FROM snapshot_item_aside")
        op.drop_table("snapshot_item_aside")
        c.append_only("snapshot_item", ("snapshot_id", "item_id"))


def _snapshot_item() -> list[Any]:
    return [
        *c.references(snapshot_id="snapshot", item_id="item", primary_key=True),
        *c.strings(title=200),
        *c.integers("points?"),
        *c.choices(state="to_do doing blocked done", spill="moved_on kept dropped?"),
    ]
