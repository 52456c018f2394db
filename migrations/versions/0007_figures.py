"""Figures of projects and of discussions, so that lists count nothing; told from what is there."""

import secrets
import unicodedata
from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

STATES = ("active", "paused", "stopped", "finished")
LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})
# As the models keep them, on either database.
MOMENT = sa.DateTime(timezone=True)
FIGURES = sa.table(
    "project_figures",
    sa.column("project_id", sa.Uuid()),
    sa.column("programme_id", sa.Uuid()),
    sa.column("mark", sa.Integer()),
    sa.column("organisation_fold", sa.String()),
    sa.column("acronym_fold", sa.String()),
    sa.column("state", sa.String()),
    sa.column("running_number", sa.Integer()),
    sa.column("running_ends_on", sa.Date()),
    sa.column("last_number", sa.Integer()),
    sa.column("silent_since", MOMENT),
    sa.column("missed_in_a_row", sa.Integer()),
    sa.column("outlook", sa.String()),
    sa.column("help_wanted", sa.Boolean()),
    sa.column("decision_awaited", sa.Boolean()),
)


def upgrade() -> None:
    op.create_table(
        "project_figures",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("organisation_fold", sa.String(length=400), nullable=False),
        sa.Column("acronym_fold", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="projectstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("running_number", sa.Integer(), nullable=True),
        sa.Column("running_ends_on", sa.Date(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=True),
        sa.Column("silent_since", MOMENT, nullable=False),
        sa.Column("missed_in_a_row", sa.Integer(), nullable=False),
        sa.Column("outlook", sa.String(length=32), nullable=False),
        sa.Column("help_wanted", sa.Boolean(), nullable=False),
        sa.Column("decision_awaited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_project_figures_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_figures_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_figures")),
    )
    op.create_index(
        "ix_project_figures_programme_id_mark", "project_figures", ["programme_id", "mark"]
    )
    op.add_column(
        "discussion",
        sa.Column("comment_count", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.add_column("discussion", sa.Column("last_comment_at", MOMENT, nullable=True))
    op.create_index(
        "ix_comment_discussion_id_created_at", "comment", ["discussion_id", "created_at"]
    )
    op.create_index("ix_comment_discussion_id_author_id", "comment", ["discussion_id", "author_id"])
    op.drop_index(op.f("ix_comment_discussion_id"), table_name="comment")
    _count_comments()
    _tell_projects()


def _count_comments() -> None:
    op.execute(
        "UPDATE discussion SET"
        " comment_count = (SELECT count(*) FROM comment"
        "  WHERE comment.discussion_id = discussion.id AND comment.deleted_at IS NULL),"
        " last_comment_at = (SELECT max(comment.created_at) FROM comment"
        "  WHERE comment.discussion_id = discussion.id AND comment.deleted_at IS NULL)"
    )


def _tell_projects() -> None:
    """Project by project: an installation has hundreds of them, once."""
    connection = op.get_bind()
    types = {"starts_on": sa.Date(), "id": sa.Uuid(), "programme_id": sa.Uuid()}
    projects = sa.text(
        "SELECT id, programme_id, organisation_fold, acronym, starts_on,"
        " paused_on, finished_on, stopped_on FROM project"
    ).columns(**types)
    running = sa.text(
        "SELECT number, ends_on FROM sprint WHERE project_id = :id"
        " AND started_at IS NOT NULL AND closed_at IS NULL"
    ).bindparams(sa.bindparam("id", type_=sa.Uuid()))
    closed = sa.text(
        "SELECT number, closed_at, outcome, outlook, help_wanted, decision_awaited FROM sprint"
        " WHERE project_id = :id AND closed_at IS NOT NULL ORDER BY ends_on DESC, number DESC"
    ).bindparams(sa.bindparam("id", type_=sa.Uuid()))
    for project in connection.execute(projects).all():
        now = connection.execute(
            running.columns(number=sa.Integer(), ends_on=sa.Date()), {"id": project.id}
        ).first()
        logs = connection.execute(closed.columns(closed_at=MOMENT), {"id": project.id}).all()
        last = logs[0] if logs else None
        began = datetime.combine(project.starts_on, time(11, tzinfo=UTC))
        missed = next((n for n, log in enumerate(logs) if log.outcome != "missed"), len(logs))
        connection.execute(
            sa.insert(FIGURES).values(
                project_id=project.id,
                programme_id=project.programme_id,
                mark=secrets.randbits(31),
                organisation_fold=project.organisation_fold,
                acronym_fold=_fold(project.acronym),
                state=_state_of(project),
                running_number=now and now.number,
                running_ends_on=now and now.ends_on,
                last_number=last and last.number,
                silent_since=last.closed_at if last else began,
                missed_in_a_row=missed,
                outlook=(last and last.outlook) or "",
                help_wanted=bool(last and last.help_wanted),
                decision_awaited=bool(last and last.decision_awaited),
            )
        )


def _state_of(project: sa.Row) -> str:
    if project.stopped_on:
        return "stopped"
    if project.finished_on:
        return "finished"
    return "paused" if project.paused_on else "active"


def _fold(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.translate(LIGATURES).casefold())
    return "".join(char for char in flat if not unicodedata.combining(char))


def downgrade() -> None:
    op.create_index(op.f("ix_comment_discussion_id"), "comment", ["discussion_id"], unique=False)
    op.drop_index("ix_comment_discussion_id_author_id", table_name="comment")
    op.drop_index("ix_comment_discussion_id_created_at", table_name="comment")
    # Not by batch: SQLite would make the table anew, and comments point to it.
    op.drop_column("discussion", "last_comment_at")
    op.drop_column("discussion", "comment_count")
    op.drop_index("ix_project_figures_programme_id_mark", table_name="project_figures")
    op.drop_table("project_figures")
