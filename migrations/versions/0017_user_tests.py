"""Rounds of user tests, their sessions, what stays of them, and findings.

Names of constraints and indexes follow the convention of `portal.kernel.db.Base`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

MOMENT = sa.DateTime(timezone=True)
# In the order in which they can be made.
ROUNDS = ("test_register", "test_round", "round_group", "test_task", "consent_text")
SESSIONS = ("test_session", "task_result", "scale_answer", "participant_link")
TALLIES = ("round_tally", "group_tally", "task_tally")
FINDINGS = ("finding", "finding_task", "sighting", "finding_evidence", "retest")


def upgrade() -> None:
    _make_rounds()
    _make_sessions()
    _make_tallies()
    _make_findings()
    # A plain column with a default: the programmes that are there keep what is usual.
    op.add_column(
        "programme", sa.Column("test_retention", sa.Integer(), nullable=False, server_default="12")
    )


def downgrade() -> None:
    op.drop_column("programme", "test_retention")
    for table in reversed(ROUNDS + SESSIONS + TALLIES + FINDINGS):
        op.drop_table(table)


def _text(name: str, length: int = 0) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _whole(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, MOMENT, nullable=nullable)


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=True)


def _one_of(name: str, *values: str, nullable: bool = False, kind: str = "") -> sa.Column:
    of = sa.Enum(*values, name=kind or name, native_enum=False, length=32)
    return sa.Column(name, of, nullable=nullable)


def _to(name: str, table: str, **more: object) -> sa.Column:
    """A column that points to a row of another table; it goes with it where `goes` is said."""
    rule = "CASCADE" if more.pop("goes", False) else None
    more.setdefault("nullable", False)
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(f"{table}.id", ondelete=rule), **more)


def _key(name: str, table: str, **more: object) -> sa.Column:
    return _to(name, table, primary_key=True, **more)


def _entity(*, versioned: bool = False) -> list[sa.Column]:
    own = [sa.Column("id", sa.Uuid(), primary_key=True), _moment("created_at", nullable=False)]
    return [*own, _whole("version")] if versioned else own


def _numbered() -> list[sa.Column | sa.UniqueConstraint]:
    of = [_to("project_id", "project"), _whole("number")]
    return [*_entity(versioned=True), *of, sa.UniqueConstraint("project_id", "number")]


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


def _make_rounds() -> None:
    op.create_table(
        "test_register",
        _key("project_id", "project"),
        _whole("last_participant"),
        _moment("purged_at"),
    )
    op.create_table(
        "test_round",
        *_numbered(),
        _to("discussion_id", "discussion", unique=True),
        _to("prototype_version_id", "prototype_version", index=True),
        _to("follows_id", "test_round", nullable=True, index=True),
        _text("title", 120),
        _one_of("method", "moderated", "unmoderated", "field"),
        _one_of("scale", "f_sus", "sus", "umux_lite", "none"),
        _text("hypotheses"),
        _text("script"),
        _day("starts_on"),
        _day("ends_on"),
        _day("ended_on"),
        _whole("access_needs", nullable=True),
        _text("no_access_needs", 300),
        _check("has_title", "title <> ''"),
        _check("access_needs_counts", "access_needs BETWEEN 0 AND 999"),
        _check("ends_after_start", "starts_on <= ends_on"),
    )
    op.create_table(
        "round_group",
        _key("round_id", "test_round"),
        _key("target_group_id", "target_group", index=True),
        _whole("wanted", nullable=True),
        _check("wanted_counts", "wanted BETWEEN 1 AND 999"),
    )
    op.create_table(
        "test_task",
        *_entity(versioned=True),
        _to("round_id", "test_round"),
        _whole("number"),
        _whole("position"),
        sa.Column("lineage", sa.Uuid(), nullable=False, index=True),
        _text("title", 120),
        _text("instruction"),
        _text("success"),
        _whole("time_limit", nullable=True),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("round_id", "number"),
        _check("has_title", "title <> ''"),
        _check("time_limit_in_seconds", "time_limit BETWEEN 1 AND 86400"),
    )
    only = sa.text("is_primary")
    op.create_index(
        "uq_test_task_primary",
        "test_task",
        ["round_id"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
    op.create_table(
        "consent_text",
        *_entity(versioned=True),
        _to("round_id", "test_round"),
        _text("locale", 2),
        *(_text(name) for name in ("purpose", "course", "retention", "withdrawal")),
        _text("dpo_contact", 300),
        sa.UniqueConstraint("round_id", "locale"),
    )


def _make_sessions() -> None:
    op.create_table(
        "test_session",
        *_numbered(),
        _to("round_id", "test_round", index=True),
        _to("target_group_id", "target_group", nullable=True, index=True),
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False),
        _to("observer_id", "person"),
        _day("consent_on"),
        _moment("started_at"),
        _moment("ended_at"),
        _text("notes"),
        _check("ended_once_started", "ended_at IS NULL OR started_at IS NOT NULL"),
        _check("started_with_consent", "started_at IS NULL OR consent_on IS NOT NULL"),
    )
    outcomes = ("success", "helped", "failed", "not_tried")
    op.create_table(
        "task_result",
        *_entity(versioned=True),
        _to("session_id", "test_session", goes=True),
        _to("task_id", "test_task", index=True),
        _one_of("outcome", *outcomes, nullable=True),
        _whole("seconds", nullable=True),
        _moment("running_since"),
        _whole("ease", nullable=True),
        _whole("errors", nullable=True),
        _text("notes"),
        sa.UniqueConstraint("session_id", "task_id"),
        _check("seconds_of_a_day", "seconds BETWEEN 0 AND 86400"),
        _check("ease_on_its_scale", "ease BETWEEN 1 AND 7"),
        _check("errors_count", "errors BETWEEN 0 AND 999"),
    )
    op.create_table(
        "scale_answer",
        *_entity(versioned=True),
        _to("session_id", "test_session", goes=True),
        _whole("item"),
        _whole("value"),
        _to("typed_by_id", "person", nullable=True),
        sa.UniqueConstraint("session_id", "item"),
        _check("item_of_a_scale", "item BETWEEN 1 AND 10"),
        _check("value_on_a_scale", "value BETWEEN 1 AND 7"),
    )
    op.create_table(
        "participant_link",
        *_entity(),
        _to("session_id", "test_session", goes=True, index=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        _to("made_by_id", "person"),
        _moment("expires_at", nullable=False),
        _moment("used_at"),
        _moment("revoked_at"),
    )


def _make_tallies() -> None:
    op.create_table(
        "round_tally",
        _key("round_id", "test_round"),
        _moment("kept_at", nullable=False),
        *(_whole(name) for name in ("sessions", "consented")),
        _day("first_on"),
        _day("last_on"),
        _whole("scale_count"),
        *(sa.Column(name, sa.Double()) for name in ("scale_mean", "scale_deviation")),
    )
    op.create_table(
        "group_tally",
        *_entity(),
        _to("round_id", "test_round"),
        _to("target_group_id", "target_group", nullable=True, index=True),
        _whole("participants"),
        sa.UniqueConstraint("round_id", "target_group_id"),
    )
    op.create_table(
        "task_tally",
        _key("task_id", "test_task"),
        *(_whole(name) for name in ("successes", "helped", "failed", "not_tried", "time_count")),
        *(
            sa.Column(name, sa.Double())
            for name in ("time_log_mean", "time_log_deviation", "time_median")
        ),
        _whole("ease_count"),
        *(sa.Column(name, sa.Double()) for name in ("ease_mean", "ease_deviation")),
        *(_whole(name) for name in ("errors_count", "errors")),
    )


def _make_findings() -> None:
    merged = "(merged_into_id IS NOT NULL) = (closing IS NOT NULL AND closing = 'merged')"
    minor = "closing IS NULL OR (severity IS NOT NULL AND severity < 3)"
    named = "closing IS NULL OR (closed_by_id IS NOT NULL AND closing_reason <> '')"
    op.create_table(
        "finding",
        *_numbered(),
        _to("discussion_id", "discussion", unique=True),
        _to("round_id", "test_round", index=True),
        _text("what", 200),
        _text("detail"),
        _whole("severity", nullable=True),
        sa.Column("is_harm", sa.Boolean(), nullable=False),
        _to("owner_id", "person", nullable=True),
        _to("item_id", "item", nullable=True, unique=True),
        _to("merged_into_id", "finding", nullable=True, index=True),
        _one_of("closing", "retested", "accepted", "settled", "merged", nullable=True),
        _moment("closed_at"),
        _to("closed_by_id", "person", nullable=True),
        _text("closing_reason", 1000),
        _whole("seen_before"),
        _check("says_what", "what <> ''"),
        _check("severity_on_its_scale", "severity BETWEEN 0 AND 4"),
        _check("closed_at_some_moment", "(closing IS NULL) = (closed_at IS NULL)"),
        _check("severe_is_never_merely_settled", f"{minor} OR closing <> 'settled'"),
        _check("accepted_by_name_with_a_reason", f"{named} OR closing <> 'accepted'"),
        _check("merged_into_another", merged),
        _check("merged_into_no_self", "merged_into_id <> id"),
        _check("seen_before_counts", "seen_before >= 0"),
        sa.Index("ix_finding_project_id_closed_at", "project_id", "closed_at"),
    )
    op.create_table(
        "finding_task", _key("finding_id", "finding"), _key("task_id", "test_task", index=True)
    )
    op.create_table(
        "sighting",
        *_entity(),
        _to("finding_id", "finding"),
        _to("session_id", "test_session", goes=True, index=True),
        _to("observer_id", "person"),
        sa.UniqueConstraint("finding_id", "session_id", "observer_id"),
    )
    op.create_table(
        "finding_evidence",
        _key("finding_id", "finding"),
        _key("attachment_id", "attachment", index=True),
    )
    op.create_table(
        "retest",
        *_entity(),
        _to("finding_id", "finding"),
        _to("round_id", "test_round", index=True),
        _one_of("result", "gone", "still_there", "not_reached", kind="retested"),
        _text("note"),
        _to("noted_by_id", "person"),
        sa.UniqueConstraint("finding_id", "round_id"),
    )
