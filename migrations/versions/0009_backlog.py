"""The backlog: iterations under the keys of sprints, items, their events, snapshots."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True)
STATES = ("to_do", "doing", "blocked", "done")
SPILLS = ("moved_on", "kept", "dropped")
# Only ever appended to: the figures of a closed sprint stand on them.
KEPT = {"item_event": ("id",), "snapshot": ("id",), "snapshot_item": ("snapshot_id", "item_id")}


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def upgrade() -> None:
    _iteration()
    _item()
    _item_event()
    _snapshot()
    _snapshot_items()
    # The sprints that are there already have no items; they may take some.
    op.execute(
        "INSERT INTO iteration (id, created_at, project_id, number, started_at, closed_at)"
        " SELECT id, created_at, project_id, number, started_at, closed_at FROM sprint"
    )
    for table, key in KEPT.items():
        guard = _guard_postgresql if op.get_bind().dialect.name == "postgresql" else _guard_sqlite
        guard(table, key)


def _iteration() -> None:
    op.create_table(
        "iteration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_iteration_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iteration")),
    )
    op.create_index("ix_iteration_project_id_closed_at", "iteration", ["project_id", "closed_at"])


def _item() -> None:
    op.create_table(
        "item",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("iteration_id", sa.Uuid(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_fold", sa.String(length=400), nullable=False),
        sa.Column(
            "kind",
            _enum(("story", "data", "model", "test_finding", "retro_action", "bug"), "kind"),
            nullable=False,
        ),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("state", _enum(STATES, "state"), nullable=False),
        sa.Column("block_reason", sa.String(length=300), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.Column("spill", _enum(SPILLS, "spill"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(state = 'blocked') = (block_reason <> '')", name=op.f("ck_item_blocked_with_why")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_item_done_when_done")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_item_has_title")),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f("ck_item_points")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_item_assignee_id")),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_item_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["iteration_id"], ["iteration.id"], name=op.f("fk_item_iteration_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_item_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("discussion_id", name=op.f("uq_item_discussion_id")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_item_project_id_number")),
    )
    op.create_index("ix_item_iteration_id", "item", ["iteration_id"])
    op.create_index(
        "ix_item_project_id_iteration_id_rank", "item", ["project_id", "iteration_id", "rank"]
    )
    op.create_index("ix_item_project_id_rank", "item", ["project_id", "rank"])


def _item_event() -> None:
    op.create_table(
        "item_event",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column(
            "deed",
            _enum(
                (
                    "added",
                    "edited",
                    "assigned",
                    "ordered",
                    "planned",
                    "returned",
                    "split",
                    "started",
                    "put_back",
                    "blocked",
                    "unblocked",
                    "finished",
                    "reopened",
                    "dropped",
                    "taken_back",
                ),
                "deed",
            ),
            nullable=False,
        ),
        sa.Column("iteration_id", sa.Uuid(), nullable=True),
        sa.Column("state", _enum(STATES, "state"), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_item_event_actor_id")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["person.id"], name=op.f("fk_item_event_assignee_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_event_item_id")),
        sa.ForeignKeyConstraint(
            ["iteration_id"], ["iteration.id"], name=op.f("fk_item_event_iteration_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_item_event_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_event")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_item_event_project_id_number")),
    )
    op.create_index("ix_item_event_item_id_number", "item_event", ["item_id", "number"])


def _snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("iteration_id", sa.Uuid(), nullable=False),
        sa.Column("moment", _enum(("start", "close"), "moment"), nullable=False),
        sa.Column("event_number", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("done_items", sa.Integer(), nullable=False),
        sa.Column("done_points", sa.Integer(), nullable=False),
        sa.Column("finished_items", sa.Integer(), nullable=False),
        sa.Column("finished_points", sa.Integer(), nullable=False),
        sa.Column("cycle_days", sa.Double(), nullable=True),
        sa.Column("to_do", sa.Integer(), nullable=False),
        sa.Column("doing", sa.Integer(), nullable=False),
        sa.Column("blocked", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["iteration_id"], ["iteration.id"], name=op.f("fk_snapshot_iteration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("iteration_id", "moment", name=op.f("uq_snapshot_iteration_id_moment")),
    )


def _snapshot_items() -> None:
    op.create_table(
        "snapshot_item",
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("state", _enum(STATES, "state"), nullable=False),
        sa.Column("spill", _enum(SPILLS, "spill"), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_snapshot_item_item_id")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_item_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "item_id", name=op.f("pk_snapshot_item")),
    )


def _guard_sqlite(table: str, key: tuple[str, ...]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for deed in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} {refuse}")
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}"
    )


def _guard_postgresql(table: str, _key: tuple[str, ...]) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    execute = f"EXECUTE FUNCTION {table}_refuse()"
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW {execute}"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT {execute}"
    )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ("snapshot_item", "snapshot", "item_event"):
        if on_postgresql:
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
            op.execute(f"DROP FUNCTION {table}_refuse()")
        else:
            for deed in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_no_{deed}")
        op.drop_table(table)
    op.drop_table("item")
    op.drop_table("iteration")
