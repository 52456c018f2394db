"""Health: what was known of projects, what people said of it, what programmes ask."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

MOMENT = sa.DateTime(timezone=True)
KEPT = ("health_reading", "declared_weather", "health_override", "health_terms")
CODES = (
    "data_access",
    "gate_slip",
    "high_risk",
    "findings",
    "gate_stale",
    "user_session",
    "goals_missed",
    "no_sprint",
    "no_contact",
    "advice",
    "key_role",
)


def upgrade() -> None:
    op.create_table(
        "health_reading",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project_gates.project_id"], name=op.f("fk_health_reading_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_reading")),
    )
    _index("health_reading")
    op.create_table(
        "health_figures",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("watch_from", sa.Date(), nullable=True),
        sa.Column("alert_from", sa.Date(), nullable=True),
        sa.Column("next_gate", sa.Integer(), nullable=True),
        sa.Column("stale_from", sa.Date(), nullable=True),
        sa.Column("slips", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project_gates.project_id"], name=op.f("fk_health_figures_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["health_reading.id"], name=op.f("fk_health_figures_reading_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_health_figures")),
    )
    _of_people(
        "declared_weather",
        _choice("outlook", ("sunny", "cloudy", "rainy", "stormy")),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        who="declared_by_id",
        text="sentence",
    )
    _of_people(
        "health_override",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        who="said_by_id",
        text="text",
    )
    op.create_table(
        "health_terms",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        _choice("code", CODES),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("watch", sa.Integer(), nullable=True),
        sa.Column("alert", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("because <> ''", name=op.f("ck_health_terms_says_why")),
        *(
            sa.CheckConstraint(
                f"{name} IS NULL OR {name} BETWEEN 1 AND 365",
                name=op.f(f"ck_health_terms_{name}_in_bounds"),
            )
            for name in ("watch", "alert")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_health_terms_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_health_terms_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_terms")),
        sa.UniqueConstraint(
            "programme_id",
            "code",
            "edition",
            name=op.f("uq_health_terms_programme_id_code_edition"),
        ),
    )
    for table in KEPT:
        _guard(table)


def _choice(name: str, values: tuple[str, ...]) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, length=32)
    return sa.Column(name, kind, nullable=False)


def _of_people(table: str, *columns: sa.Column[object], who: str, text: str) -> None:
    op.create_table(
        table,
        sa.Column("project_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column(who, sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"{text} <> ''", name=op.f(f"ck_{table}_says_why")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f(f"fk_{table}_project_id")
        ),
        sa.ForeignKeyConstraint([who], ["person.id"], name=op.f(f"fk_{table}_{who}")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table)


def _index(table: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        name = f"ix_{table}_project_id_created_at"
        batch_op.create_index(name, ["project_id", "created_at"], unique=False)


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )


def downgrade() -> None:
    for table in (
        "health_terms",
        "health_override",
        "declared_weather",
        "health_figures",
        "health_reading",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(f"DROP FUNCTION {table}_refuse()")
