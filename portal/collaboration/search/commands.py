"""Writes entries of the index: in the transaction of what changed, or all anew."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.policy import audience_of
from portal.collaboration.search.query_rules import ts_vector
from portal.collaboration.search.search import SearchSource, SearchText
from portal.collaboration.search.word_rules import fold_words, stem_words
from portal.people.programmes.models import Scope, ScopeBounds
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import connection, db, execute_write, fetch_rows, flush_session

BATCH = 500  # rows that a rebuild reads and writes at once


def index_rows(source: SearchSource, subject_ids: Sequence[UUID]) -> int:
    """Index rows of a source anew; those without a text leave the index. Returns how many stay."""
    if not subject_ids:
        return 0
    flush_session()
    entries = fetch_rows(_FIND, {"kind": source.kind, "subjects": list(subject_ids)})
    if entries:
        _delete([id_ for (id_,) in entries])
    texts = source.read(subject_ids)
    if texts:
        _insert(source.kind, texts)
    return len(texts)


_FIND = sa.select(SearchEntry.id).where(
    SearchEntry.subject_id.in_(sa.bindparam("subjects", expanding=True)),
    SearchEntry.kind == sa.bindparam("kind"),
)


def rebuild() -> int:
    """Empty the index and write it anew, by kind, a batch at a time. Returns the count of entries."""
    connection().execute(sa.text("DELETE FROM search_words"))
    db.session.execute(sa.delete(SearchEntry))
    count = 0
    for source in contributed(SearchSource):
        for ids in batches_of(source):
            count += index_rows(source, ids)
    return count


def batches_of(source: SearchSource) -> Iterable[Sequence[UUID]]:
    """The ids of all rows of a source, in order, `BATCH` at a time."""
    key = sa.inspect(source.model).primary_key[0]
    page = sa.select(key).order_by(key).limit(BATCH)
    ids = db.session.scalars(page).all()
    while ids:
        yield ids
        ids = db.session.scalars(page.where(key > ids[-1])).all()


def _delete(entry_ids: Sequence[int]) -> None:
    execute_write(_delete_words(), [{"id": id_} for id_ in entry_ids])
    execute_write(_DELETE, {"ids": list(entry_ids)})


_DELETE = sa.delete(SearchEntry).where(SearchEntry.id.in_(sa.bindparam("ids", expanding=True)))


def _delete_words() -> sa.TextClause:
    key = "rowid" if _is_sqlite() else "entry_id"
    return sa.text(f"DELETE FROM search_words WHERE {key} = :id")


def _insert(kind: str, texts: Sequence[SearchText]) -> None:
    scopes = _read_scopes({text.scope_id for text in texts})
    for text in texts:
        (entry_id,) = connection().execute(_INSERT, _values_of(kind, text)).one()
        connection().execute(
            _insert_words(), {"id": entry_id, **_words_of(kind, text, scopes[text.scope_id])}
        )


_INSERT = sa.insert(SearchEntry).returning(SearchEntry.id)
_SQLITE_WORDS = sa.text(
    "INSERT INTO search_words(rowid, audience, facets, title, body, stems)"
    " VALUES (:id, :audience, :facets, :title, :body, :stems)"
)
_POSTGRESQL_WORDS = sa.text(
    "INSERT INTO search_words(entry_id, words) VALUES (:id, CAST(:words AS tsvector))"
)


def _insert_words() -> sa.TextClause:
    return _SQLITE_WORDS if _is_sqlite() else _POSTGRESQL_WORDS


def _values_of(kind: str, text: SearchText) -> dict[str, Any]:
    return {
        "kind": kind,
        "subject_id": text.subject_id,
        "scope_id": text.scope_id,
        "changed_at": text.changed_at,
    }


def _words_of(kind: str, text: SearchText, scope: ScopeBounds) -> dict[str, str]:
    """The columns of `search_words` on the engine in use."""
    audience = audience_of(scope, text.reach)
    facets = facets_of(kind=kind, scope_id=text.scope_id, author_id=text.author_id)
    title, body = fold_words(text.title), fold_words(text.body)
    stems = stem_words([*title, *body])
    if not _is_sqlite():
        return {"words": ts_vector(audience, facets, title, body, stems)}
    columns = {"audience": audience, "facets": facets, "title": title, "body": body, "stems": stems}
    return {name: " ".join(words) for name, words in columns.items()}


def facets_of(
    *, kind: str = "", scope_id: UUID | None = None, author_id: UUID | None = None
) -> Sequence[str]:
    """What an entry can be narrowed by, as words of the index: kind, project, author."""
    return (
        *((f"k{kind.replace('_', '')}",) if kind else ()),
        *((f"s{scope_id.hex}",) if scope_id else ()),
        *((f"a{author_id.hex}",) if author_id else ()),
    )


def _read_scopes(scope_ids: Iterable[UUID]) -> Mapping[UUID, ScopeBounds]:
    rows = fetch_rows(_SCOPES, {"ids": list(scope_ids)})
    return {row[0]: ScopeBounds(*row) for row in rows}


_SCOPES = sa.select(Scope.id, Scope.parent_id).where(Scope.id.in_(sa.bindparam("ids", expanding=True)))


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
