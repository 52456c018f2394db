"""Let operators find the decisions put to them: their mark joins the readers in the search index."""

from alembic import op

revision = "0054"
down_revision = "0053"

_DECISIONS = (
    " FROM search_entry JOIN awaited_decision ON awaited_decision.id = search_entry.subject_id"
    " JOIN project ON project.id = awaited_decision.project_id"
    " WHERE search_entry.kind = 'awaited_decision' AND awaited_decision.addressee = 'operator'"
)
_ENTRY = f"(SELECT search_entry.id{_DECISIONS})"
_SQLITE_MARK = f"(SELECT ' f' || project.programme_id{_DECISIONS} AND search_entry.id = search_words.rowid)"
_POSTGRESQL_MARK = (
    f"(SELECT '@f' || replace(CAST(project.programme_id AS text), '-', ''){_DECISIONS}"
    " AND search_entry.id = search_words.entry_id)"
)
ADD = {
    "sqlite": f"UPDATE search_words SET audience = audience || {_SQLITE_MARK} WHERE rowid IN {_ENTRY}",
    "postgresql": f"UPDATE search_words SET words = words || array_to_tsvector(ARRAY[{_POSTGRESQL_MARK}])"
    f" WHERE entry_id IN {_ENTRY}",
}
REMOVE = {
    "sqlite": f"UPDATE search_words SET audience = replace(audience, {_SQLITE_MARK}, '')"
    f" WHERE rowid IN {_ENTRY}",
    "postgresql": f"UPDATE search_words SET words = ts_delete(words, {_POSTGRESQL_MARK})"
    f" WHERE entry_id IN {_ENTRY}",
}


def upgrade() -> None:
    op.execute(ADD[op.get_bind().dialect.name])


def downgrade() -> None:
    op.execute(REMOVE[op.get_bind().dialect.name])
