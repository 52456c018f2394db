"""What people are told of, and how they wish to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

MOMENT = sa.DateTime(timezone=True)
CHANNELS = ("inbox", "at_once", "daily", "weekly", "never")


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("fact_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("around_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("in_digest", sa.Boolean(), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("letter", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["around_id"], ["scope.id"], name=op.f("fk_notification_around_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notification_person_id")
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_notification_scope_id")),
        sa.PrimaryKeyConstraint("person_id", "fact_id", name=op.f("pk_notification")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notification_person_id_group_id", ["person_id", "group_id"], unique=False
        )
        batch_op.create_index(
            "ix_notification_unread",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_index(
            "ix_notification_waiting",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
    op.create_table(
        "notification_preference",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(*CHANNELS, name="channel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notification_preference_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notification_preference")),
    )
    op.create_table(
        "notification_mute",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notification_mute_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_notification_mute_scope_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "about_id", name=op.f("pk_notification_mute")),
    )
    op.create_table(
        "notification_rhythm",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("at_once_most", sa.Integer(), nullable=True),
        sa.Column("no_digest", sa.Boolean(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("digested_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "opens BETWEEN 0 AND 23 AND closes BETWEEN 1 AND 24",
            name=op.f("ck_notification_rhythm_hours"),
        ),
        sa.CheckConstraint(
            "opens < closes", name=op.f("ck_notification_rhythm_opens_before_it_closes")
        ),
        sa.CheckConstraint("days <> ''", name=op.f("ck_notification_rhythm_some_day")),
        sa.CheckConstraint(
            "at_once_most BETWEEN 0 AND 20", name=op.f("ck_notification_rhythm_at_once_most")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notification_rhythm_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notification_rhythm")),
    )


def downgrade() -> None:
    op.drop_table("notification_rhythm")
    op.drop_table("notification_mute")
    op.drop_table("notification_preference")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index("ix_notification_waiting")
        batch_op.drop_index("ix_notification_unread")
        batch_op.drop_index("ix_notification_person_id_group_id")
    op.drop_table("notification")
