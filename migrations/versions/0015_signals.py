"""Signals that are unknown, in charge, or raised at once.

Thresholds may be 0. Those of two signals change their unit: access to data counts months after the
planned day of its gate (month 2 by default) instead of after the start, stale gates count days
instead of gates, of which a programme gets the new default.
"""

import sqlalchemy as sa
from alembic import op

from migrations import columns as c

revision = "0015"
down_revision = "0014"

CODES = (
    "data_access gate_slip high_risk findings gate_stale user_session goals_missed no_sprint"
    " no_contact advice key_role"
)
FIGURES = ("known_from", "new_watch_from", "new_alert_from")


def tables() -> c.Tables:
    return {
        "signal_charge": [
            *c.entity(),
            *c.references(project_id="project", taken_by_id="person"),
            *c.choices(code=CODES),
            *c.integers("edition"),
            *c.strings(text=300),
            *c.days("taken_on", "until"),
            c.unique("project_id", "code", "edition"),
            *c.checks(says_what="text <> ''"),
        ]
    }


def upgrade() -> None:
    c.make_tables(tables())
    c.append_only("signal_charge", "id")
    with op.batch_alter_table("health_figures") as batch:
        for name in FIGURES:
            batch.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch.add_column(sa.Column("accepted", sa.JSON(), nullable=True))
    op.execute("UPDATE health_figures SET new_watch_from = watch_from, new_alert_from = alert_from")
    op.execute("UPDATE health_figures SET known_from = '2000-01-01'")
    _change_terms(
        0,
        "UPDATE health_terms SET watch = CASE WHEN watch > 2 THEN watch - 2 ELSE watch * 0 END,"
        " alert = CASE WHEN alert > 2 THEN alert - 2 ELSE alert * 0 END WHERE code = 'data_access'",
        "UPDATE health_terms SET watch = watch * 0, alert = alert * 0 + 30 WHERE code = 'gate_stale'",
    )


def downgrade() -> None:
    _change_terms(
        1,
        "UPDATE health_terms SET watch = watch + 2, alert = alert + 2 WHERE code = 'data_access'",
        "UPDATE health_terms SET watch = watch * 0 + 1, alert = alert * 0 + 2 WHERE code = 'gate_stale'",
    )
    with op.batch_alter_table("health_figures") as batch:
        for name in (*FIGURES, "accepted"):
            batch.drop_column(name)
    c.drop_tables(tables())


def _change_terms(lowest: int, *statements: str) -> None:
    """Change rows of an append-only table and the bounds of its thresholds. SQLite makes the table
    anew, without its triggers."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute("ALTER TABLE health_terms DISABLE TRIGGER USER")
    with op.batch_alter_table("health_terms") as batch:
        for name in ("watch", "alert"):
            batch.drop_constraint(op.f(f"ck_health_terms_{name}_in_bounds"), type_="check")
    for statement in statements:
        op.execute(statement)
    with op.batch_alter_table("health_terms") as batch:
        for name in ("watch", "alert"):
            batch.create_check_constraint(
                op.f(f"ck_health_terms_{name}_in_bounds"),
                f"{name} IS NULL OR {name} BETWEEN {lowest} AND 365",
            )
    if is_postgresql:
        op.execute("ALTER TABLE health_terms ENABLE TRIGGER USER")
    else:
        c.append_only("health_terms", "id")
