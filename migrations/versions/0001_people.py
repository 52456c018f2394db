"""People, the scopes in which they hold roles, programmes, and the audit trail."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTALLATION = UUID(int=1)

# The trail is only appended to, whoever asks the database.
SQLITE_GUARD = """
CREATE TRIGGER audit_event_no_{deed} BEFORE {deed} ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END
"""
POSTGRESQL_GUARD = """
CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit_event is append-only'; END $$;
CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_refuse();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse();
"""


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_scope_id_id", "audit_event", ["scope_id", "id"], unique=False)
    op.create_index(
        "ix_audit_event_subject_id_id", "audit_event", ["subject_id", "id"], unique=False
    )
    op.create_table(
        "person",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("handle", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("handle", name=op.f("uq_person_handle")),
    )
    op.create_table(
        "scope",
        sa.Column(
            "kind",
            sa.Enum(
                "installation",
                "programme",
                "project",
                name="scopekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'installation') = (parent_id IS NULL)",
            name=op.f("ck_scope_only_root_is_alone"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["scope.id"], name=op.f("fk_scope_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope")),
    )
    op.create_index(op.f("ix_scope_parent_id"), "scope", ["parent_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "team_member",
                "team_lead",
                "coach",
                "ethics_reviewer",
                "programme_lead",
                "juror",
                "operator",
                "observer",
                "administrator",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("share_of_time", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_fr", sa.String(length=500), nullable=False),
        sa.Column("place_en", sa.String(length=500), nullable=False),
        sa.Column("page", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_invitation_accepted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["person.id"], name=op.f("fk_invitation_invited_by_id")
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_invitation_scope_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_scope_id"), "invitation", ["scope_id"], unique=False)
    op.create_table(
        "open_session",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_open_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_open_session_token_hash")),
    )
    op.create_index(op.f("ix_open_session_person_id"), "open_session", ["person_id"], unique=False)
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name_fr", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("about_fr", sa.Text(), nullable=False),
        sa.Column("about_en", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 36", name=op.f("ck_programme_months")),
        sa.ForeignKeyConstraint(["id"], ["scope.id"], name=op.f("fk_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
    )
    op.create_table(
        "track",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name_fr", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_track_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
        sa.UniqueConstraint("programme_id", "key", name=op.f("uq_track_programme_id_key")),
    )
    op.create_table(
        "role_assignment",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "team_member",
                "team_lead",
                "coach",
                "ethics_reviewer",
                "programme_lead",
                "juror",
                "operator",
                "observer",
                "administrator",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("track_id", sa.Uuid(), nullable=True),
        sa.Column("share_of_time", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "share_of_time BETWEEN 0 AND 100", name=op.f("ck_role_assignment_share_of_time")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_assignment_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_role_assignment_scope_id")
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_role_assignment_track_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
    )
    op.create_index(
        op.f("ix_role_assignment_person_id"), "role_assignment", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_role_assignment_scope_id"), "role_assignment", ["scope_id"], unique=False
    )
    op.create_index(
        "uq_role_assignment_on_track",
        "role_assignment",
        ["scope_id", "person_id", "role", "track_id"],
        unique=True,
        sqlite_where=sa.text("track_id IS NOT NULL"),
        postgresql_where=sa.text("track_id IS NOT NULL"),
    )
    op.create_index(
        "uq_role_assignment_plain",
        "role_assignment",
        ["scope_id", "person_id", "role"],
        unique=True,
        sqlite_where=sa.text("track_id IS NULL"),
        postgresql_where=sa.text("track_id IS NULL"),
    )
    guard_trail()
    make_installation()


def guard_trail() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_GUARD)
        return
    for deed in ("update", "delete"):
        op.execute(SQLITE_GUARD.format(deed=deed))


def make_installation() -> None:
    """The scope in which administrators hold their role."""
    scope = sa.table(
        "scope",
        sa.column("id", sa.Uuid),
        sa.column("kind", sa.String),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    op.bulk_insert(
        scope, [{"id": INSTALLATION, "kind": "installation", "created_at": datetime.now(UTC)}]
    )


def downgrade() -> None:
    op.drop_index(
        "uq_role_assignment_plain",
        table_name="role_assignment",
        sqlite_where=sa.text("track_id IS NULL"),
        postgresql_where=sa.text("track_id IS NULL"),
    )
    op.drop_index(
        "uq_role_assignment_on_track",
        table_name="role_assignment",
        sqlite_where=sa.text("track_id IS NOT NULL"),
        postgresql_where=sa.text("track_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_role_assignment_scope_id"), table_name="role_assignment")
    op.drop_index(op.f("ix_role_assignment_person_id"), table_name="role_assignment")
    op.drop_table("role_assignment")
    op.drop_table("track")
    op.drop_table("programme")
    op.drop_index(op.f("ix_open_session_person_id"), table_name="open_session")
    op.drop_table("open_session")
    op.drop_index(op.f("ix_invitation_scope_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_scope_parent_id"), table_name="scope")
    op.drop_table("scope")
    op.drop_table("person")
    op.drop_index("ix_audit_event_subject_id_id", table_name="audit_event")
    op.drop_index("ix_audit_event_scope_id_id", table_name="audit_event")
    op.drop_table("audit_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_event_refuse()")
