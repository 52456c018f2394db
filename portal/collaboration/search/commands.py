"""Writes entries of the index: in the transaction of what changed, or all anew."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.policy import list_text_reader_tokens, programme_key
from portal.collaboration.search.queries import newest_entry_id
from portal.collaboration.search.query_rules import SearchFacetFilter, ts_vector
from portal.collaboration.search.search import SearchSource, SearchText
from portal.collaboration.search.word_rules import fold_words, list_added_stems
from portal.people.accounts.join_models import AccountJoin
from portal.people.programmes.models import PolicyScope, Scope
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import connection, db, fetch_rows, flush_session
from portal.platform.kernel.prepared_statements import PreparedStatement

BATCH = 500  # rows that a rebuild reads and writes at once
BEGINNING = 6  # letters of a word by which a page of the index is told apart


def index_rows(source: SearchSource, subject_ids: Sequence[UUID], *, is_new: bool = False) -> int:
    """Index rows of a source anew; those without a text leave the index. Returns how many stay. Texts
    that are new without a line of the trail become the latest, so that no answer without them is kept."""
    if not subject_ids:
        return 0
    flush_session()
    texts = source.read(subject_ids)
    next_id = newest_entry_id() + 1 if is_new and _is_sqlite() else None
    for subject_id in set(subject_ids) - {text.subject_id for text in texts if not is_new}:
        for (entry_id,) in fetch_rows(_FIND, {"kind": source.kind, "subject": subject_id}):
            _delete_entry(entry_id)
    for place, text in enumerate(texts):
        signed = text if text.author_id else replace(text, author_id=_find_author_id(text.subject_id))
        _write_entry(source.kind, signed, next_id and next_id + place)
    return len(texts)


_FIND = PreparedStatement(
    sa.select(SearchEntry.id).where(
        SearchEntry.subject_id == sa.bindparam("subject", type_=SearchEntry.subject_id.type),
        SearchEntry.kind == sa.bindparam("kind"),
    )
)


def _find_author_id(subject_id: UUID) -> UUID | None:
    """Who wrote a row, by the trail's first line about it; None for what came with many others."""
    rows = fetch_rows(_AUTHOR, {"subject": subject_id})
    return rows[0][0] if rows else None


_AUTHOR = PreparedStatement(
    sa.select(sa.func.coalesce(AccountJoin.person_id, AuditEvent.actor_id))
    .select_from(AuditEvent)
    .outerjoin(AccountJoin, AccountJoin.former_id == AuditEvent.actor_id)
    .where(AuditEvent.subject_id == sa.bindparam("subject", type_=AuditEvent.subject_id.type))
    .order_by(AuditEvent.id)
    .limit(1)
)


def remove_scope_entries(scope_ids: Sequence[UUID], limit: int) -> int:
    """Take entries of these scopes out of the index, at most `limit`; returns how many."""
    own = sa.select(SearchEntry.id).where(SearchEntry.scope_id.in_(scope_ids)).limit(limit)
    ids = db.session.scalars(own).all()
    for entry_id in ids:
        _delete_entry(entry_id)
    return len(ids)


def rebuild_search_index() -> int:
    """Empty the index and write it anew, by kind, a batch at a time. Returns the count of entries."""
    connection().execute(sa.text("DELETE FROM search_words"))
    db.session.execute(sa.delete(SearchEntry))
    count = 0
    for source in list_contributions(SearchSource):
        for ids in iterate_id_batches(source):
            count += index_rows(source, ids)
    return count


def rewrite_pages_beginning_with(words: Collection[str]) -> None:
    """Write the index of SQLite anew where one of its pages is told apart by one of these words: FTS5 keeps
    what a page begins with, even once no text has that word and whatever `secure-delete` says."""
    if not _is_sqlite():
        return
    beginnings = connection().scalars(sa.text("SELECT CAST(term AS TEXT) FROM search_words_idx")).all()
    if any(word[:BEGINNING] in beginning for beginning in beginnings for word in words):
        connection().execute(sa.text("INSERT INTO search_words(search_words) VALUES ('rebuild')"))


def iterate_id_batches(source: SearchSource) -> Iterable[Sequence[UUID]]:
    """The ids of all rows of a source, in order, `BATCH` at a time."""
    key = sa.inspect(source.model).primary_key[0]
    page = sa.select(key).order_by(key).limit(BATCH)
    ids = db.session.scalars(page).all()
    while ids:
        yield ids
        ids = db.session.scalars(page.where(key > ids[-1])).all()


def _delete_entry(entry_id: int) -> None:
    words = _DELETE_FTS5 if _is_sqlite() else _DELETE_VECTOR
    fetch_rows(words, {"entry": entry_id})
    fetch_rows(_DELETE, {"entry": entry_id})


_FTS5 = sa.table("search_words", *map(sa.column, ("rowid", "audience", "facets", "title", "body", "stems")))
_VECTORS = sa.table(
    "search_words", sa.column("entry_id"), sa.column("words", postgresql.TSVECTOR), sa.column("key")
)
_entry: sa.BindParameter[int] = sa.bindparam("entry")
_DELETE_FTS5 = PreparedStatement(sa.delete(_FTS5).where(_FTS5.c.rowid == _entry))
_DELETE_VECTOR = PreparedStatement(sa.delete(_VECTORS).where(_VECTORS.c.entry_id == _entry))
_DELETE = PreparedStatement(sa.delete(SearchEntry).where(SearchEntry.id == _entry))


def _write_entry(kind: str, text: SearchText, own_id: int | None = None) -> None:
    """Insert an entry or replace its words: its place among the latest stays. SQLite would give the id of
    the latest one that was deleted once more: a new one is given instead."""
    is_sqlite = _is_sqlite()
    if own_id:
        entry_id = own_id
        fetch_rows(_INSERT, {"id": own_id, **_entry_values(kind, text)})
    else:
        upsert = _UPSERT_SQLITE if is_sqlite else _UPSERT_POSTGRESQL
        ((entry_id,),) = fetch_rows(upsert, _entry_values(kind, text))
    words = _build_search_words(kind, text, _find_scope(text.scope_id))
    if is_sqlite:
        fetch_rows(_WRITE_FTS5, {"rowid": entry_id, **words})
    else:
        fetch_rows(_WRITE_VECTOR, {"entry_id": entry_id, **words})


def _prepare_entry_upsert(insert: Any) -> PreparedStatement:
    entry = insert(SearchEntry)
    names = ("scope_id", "author_id", "changed_at")
    values = {name: getattr(entry.excluded, name) for name in names}
    statement = entry.on_conflict_do_update(index_elements=["subject_id", "kind"], set_=values)
    return PreparedStatement(statement.returning(SearchEntry.id), columns=["kind", "subject_id", *names])


_INSERT = PreparedStatement(sa.insert(SearchEntry), columns=SearchEntry.__table__.columns.keys())
_UPSERT_SQLITE, _UPSERT_POSTGRESQL = (
    _prepare_entry_upsert(sqlite.insert),
    _prepare_entry_upsert(postgresql.insert),
)
_WRITE_FTS5 = PreparedStatement(sa.insert(_FTS5).prefix_with("OR REPLACE"), columns=_FTS5.c.keys())
_vector = postgresql.insert(_VECTORS)
_WRITE_VECTOR = PreparedStatement(
    _vector.on_conflict_do_update(
        index_elements=["entry_id"], set_={"words": _vector.excluded.words, "key": _vector.excluded.key}
    ),
    columns=_VECTORS.c.keys(),
)


def _entry_values(kind: str, text: SearchText) -> dict[str, Any]:
    return {
        "kind": kind,
        "subject_id": text.subject_id,
        "scope_id": text.scope_id,
        "author_id": text.author_id,
        "changed_at": text.changed_at,
    }


def _build_search_words(kind: str, text: SearchText, scope: PolicyScope) -> dict[str, str]:
    """The columns of `search_words` on the engine in use; each word begins with its programme's key."""
    audience = list_text_reader_tokens(scope, text.reach, readers=text.readers, shut_out=text.shut_out)
    key = programme_key(scope)
    options = SearchFacetFilter(kinds=[kind], scope_id=text.scope_id, author_id=text.author_id).words_for(
        [key]
    )
    facets = [word for words in options for word in words]
    title, body = fold_words(text.title), fold_words(text.body)
    stems = [key + stem for stem in list_added_stems([*title, *body])]
    title, body = [key + word for word in title], [key + word for word in body]
    if not _is_sqlite():
        return {"words": ts_vector(audience, facets, title, body, stems), "key": key}
    columns = {"audience": audience, "facets": facets, "title": title, "body": body, "stems": stems}
    return {name: " ".join(words) for name, words in columns.items()}


@lru_cache(maxsize=5000)
def _find_scope(scope_id: UUID) -> PolicyScope:
    """A scope and its parent, which never changes."""
    return PolicyScope(*fetch_rows(_SCOPE, {"scope": scope_id})[0])


_SCOPE = PreparedStatement(
    sa.select(Scope.id, Scope.parent_id).where(Scope.id == sa.bindparam("scope", type_=Scope.id.type))
)


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
