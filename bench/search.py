"""Search: what a query of the index costs beside the bare query, as texts grow; pages; a comment.

Texts are entries of the index alone, of as many programmes of `TEAMS` teams as it takes. The floor
asks the index once, by the words and readers of the search, for the latest entries with what they
are: without a rank, near words, or what the features show.
"""

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from bench import serving
from bench.data import take_statistics
from bench.measure import counted
from bench.pages import Visitor, comments
from portal.collaboration.search import commands, projections, queries
from portal.collaboration.search.policy import TextAudience, list_text_reader_tokens, programme_key
from portal.collaboration.search.queries import SearchFilters
from portal.collaboration.search.query_rules import (
    MatchTier,
    SearchFacetFilter,
    fts5_query,
    ts_query,
    ts_vector,
)
from portal.collaboration.search.word_rules import list_added_stems
from portal.people.programmes.models import INSTALLATION, PolicyScope, RoleAssignment, Scope, ScopeKind
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import connection, db

TEAMS = 200  # of a programme
POOL = 4000  # different texts, which repeat
WORDS = 40  # of a text
COMMON, RARE = "courrier", "zinzolin"
COMMON_SHARE, RARE_SHARE = 0.4, 0.001
QUERIES = {"rare": RARE, "common": COMMON, "two words": f"{COMMON} {RARE}", "prefix": COMMON[:5]}
PAGES = {
    "portfolio": "/portfolio",
    "common word": "/search?q=reglages",
    "rare word": "/search?q=zinzolin",
    "suggestions": "/go-to?q=direction",
}
TRIES = 9


@dataclass(frozen=True)
class Places:
    """A programme and its projects, as the index knows them."""

    programme: UUID
    projects: Sequence[UUID]


def measure(base: serving.Base, texts: Sequence[int], comment_count: int) -> dict[str, Any]:
    """All on one database, to which texts are added between the sizes."""
    visitor, sent = Visitor(base), list[str]()
    with visitor.app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(str(args[2])))
        commands.rebuild_search_index()
        db.session.commit()
    facts = {
        "pages": _measure_pages(visitor, base, sent),
        "comment": _measure_comment(visitor, base, comment_count),
    }
    with visitor.app.app_context():
        chance, count, sizes = random.Random(1), 0, {}
        for size in texts:
            _add_texts(chance, count, size, texts[0])
            count = size
            sizes[size] = {name: _measure_query(*case) for name, case in _list_cases()}
        db.session.remove()
    return {**facts, "sizes": sizes}


def _list_cases() -> Iterator[tuple[str, tuple[Actor, str]]]:
    """A member of one team, and a lead of one programme, with each query."""
    for role in (Role.TEAM_MEMBER, Role.PROGRAMME_LEAD):
        person = db.session.scalar(sa.select(RoleAssignment.person_id).where(RoleAssignment.role == role))
        assert person is not None
        actor = actor_for(person)
        for name, q in QUERIES.items():
            yield f"{role.value}, {name}", (actor, q)


def _add_texts(chance: random.Random, first: int, last: int, per_programme: int) -> None:
    """Entries of the index up to a number, spread over teams; a programme is full at its share."""
    pool = [_words(chance) for _text in range(min(POOL, last))]
    for programme_number, start in enumerate(range(0, last, per_programme)):
        end = min(last, start + per_programme)
        if end > first:
            places = _list_places(programme_number)
            _write(chance, places, pool, range(max(first, start), end))
    db.session.commit()
    take_statistics()


def _words(chance: random.Random) -> Sequence[str]:
    words = ["".join(chance.choices("abdeilmnorstu", k=chance.randint(4, 9))) for _word in range(WORDS)]
    words[0] = COMMON if chance.random() < COMMON_SHARE else words[0]
    words[1] = RARE if chance.random() < RARE_SHARE else words[1]
    return words


def _list_places(number: int) -> Places:
    """The bench's own programme first, then new ones."""
    if number == 0:
        rows = db.session.execute(sa.select(Scope.id, Scope.parent_id).where(Scope.kind == ScopeKind.PROJECT))
        own = [(project, programme) for project, programme in rows]
        return Places(own[0][1] or INSTALLATION, [project for project, _programme in own])
    programme = Scope(kind=ScopeKind.PROGRAMME, parent_id=INSTALLATION)
    db.session.add(programme)
    db.session.flush()
    projects = [Scope(kind=ScopeKind.PROJECT, parent_id=programme.id) for _team in range(TEAMS)]
    db.session.add_all(projects)
    db.session.flush()
    return Places(programme.id, [project.id for project in projects])


def _write(chance: random.Random, places: Places, pool: Sequence[Sequence[str]], numbers: range) -> None:
    is_sqlite = db.engine.dialect.name == "sqlite"
    key = programme_key(PolicyScope(places.programme, INSTALLATION))
    bodies = [[key + word for word in words] for words in pool]
    stems = [[key + stem for stem in list_added_stems(words)] for words in pool]
    table = sa.text(_INSERT_SQLITE if is_sqlite else _INSERT_POSTGRESQL)
    for start in range(numbers.start, numbers.stop, 5000):
        entries, words = [], []
        for number in range(start, min(start + 5000, numbers.stop)):
            project, which = chance.choice(places.projects), chance.randrange(len(pool))
            id_ = 10_000_000 + number
            entries.append({"id": id_, "subject": UUID(int=number).hex, "scope": project.hex, "at": _AT})
            audience = list_text_reader_tokens(PolicyScope(project, places.programme), TextAudience.PROJECT)
            facets = [
                w
                for each in SearchFacetFilter(kinds=["comment"], scope_id=project).words_for([key])
                for w in each
            ]
            if is_sqlite:
                columns = {
                    "audience": audience,
                    "facets": facets,
                    "body": bodies[which],
                    "stems": stems[which],
                }
                words.append({"id": id_} | {name: " ".join(value) for name, value in columns.items()})
            else:
                vector = ts_vector(audience, facets, (), bodies[which], stems[which])
                words.append({"id": id_, "words": vector, "key": key})
        connection().execute(sa.text(_INSERT_ENTRY), entries)
        connection().execute(table, words)


_AT = "2026-11-01 12:00:00.000000"
_INSERT_ENTRY = (
    "INSERT INTO search_entry (id, kind, subject_id, scope_id, changed_at)"
    " VALUES (:id, 'comment', :subject, :scope, :at)"
)
_INSERT_SQLITE = (
    "INSERT INTO search_words (rowid, audience, facets, title, body, stems)"
    " VALUES (:id, :audience, :facets, '', :body, :stems)"
)
_INSERT_POSTGRESQL = (
    "INSERT INTO search_words (entry_id, words, key) VALUES (:id, CAST(:words AS tsvector), :key)"
)
_FLOOR_SQLITE = (
    "SELECT e.id, e.kind, e.subject_id FROM search_words w JOIN search_entry e ON e.id = w.rowid"
    " WHERE search_words MATCH ? ORDER BY w.rowid DESC LIMIT 1000"
)
_FLOOR_POSTGRESQL = (
    "SELECT e.id, e.kind, e.subject_id FROM search_words w JOIN search_entry e ON e.id = w.entry_id"
    " WHERE w.words @@ CAST(%s AS tsquery) ORDER BY e.id DESC LIMIT 1000"
)


def _measure_query(actor: Actor, q: str) -> dict[str, float]:
    """The database's time of what a search asks the index, and of the bare query, in ms."""
    reader, filters = queries.get_search_reader(actor), SearchFilters(q=q)
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_others: Any) -> None:
        asked.append((statement, values))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    matches = len(queries.list_matched_entries(reader, filters))
    sa.event.remove(db.engine, "before_cursor_execute", note)
    is_sqlite = db.engine.dialect.name == "sqlite"
    words = (fts5_query if is_sqlite else ts_query)(filters.words, MatchTier.STEM, reader)
    bare = [(_FLOOR_SQLITE if is_sqlite else _FLOOR_POSTGRESQL, (words,))]
    own, floor = _time(asked), _time(bare)
    return {"matches": matches, "ms": own, "floor_ms": floor, "ratio": round(own / floor, 2)}


def _time(statements: Sequence[tuple[str, Any]]) -> float:
    """The least time of the statements on the driver's cursor, rows fetched."""
    cursor, took = connection().connection.cursor(), []
    for _try in range(TRIES):
        start = time.perf_counter()
        for statement, values in statements:
            cursor.execute(statement, values)
            cursor.fetchall()
        took.append(1000 * (time.perf_counter() - start))
    return round(min(took), 3)


def _measure_pages(visitor: Visitor, base: serving.Base, sent: list[str]) -> dict[str, Any]:
    """Queries and least processor time of pages for a lead, beside the portfolio: as first asked
    after a comment was posted, and again. In turn: the machine is as busy for one as for another."""
    posts, asked = comments(visitor, base.cast), defaultdict[str, list[tuple[int, float]]](list)
    again = defaultdict[str, list[tuple[int, float]]](list)
    for _try in range(TRIES):
        for name, path in PAGES.items():
            _post(visitor, next(posts))
            asked[name].append(_ask(visitor, base, path, sent))
            again[name].append(_ask(visitor, base, path, sent))
    facts = {}
    for name in PAGES:
        queries, first_ms = asked[name][-1][0], min(ms for _queries, ms in asked[name])
        queries_again, ms = again[name][-1][0], min(ms for _queries, ms in again[name])
        facts[name] = {
            "queries": queries,
            "first_ms": round(first_ms, 1),
            "queries_again": queries_again,
            "ms": round(ms, 1),
        }
    return facts


def _ask(visitor: Visitor, base: serving.Base, path: str, sent: list[str]) -> tuple[int, float]:
    """How many queries a page of the lead executes, and its processor time in ms."""
    headers = {"Cookie": visitor.cookie(base.cast.leads[0]), "Host": "127.0.0.1", "Sec-Fetch-Site": "none"}
    more = {"HX-Request": "true"} if path.startswith("/go-to") else {}
    client = visitor.app.test_client(use_cookies=False)
    sent.clear()
    start = time.process_time()
    answer = client.get(path, headers=headers | more)
    took = 1000 * (time.process_time() - start)
    assert answer.status_code == 200, (path, answer.status_code)
    return counted(sent), took


def _measure_comment(visitor: Visitor, base: serving.Base, count: int) -> dict[str, float]:
    """The processor time of a comment with and without the index, posted in turn."""
    requests, refresh = comments(visitor, base.cast), projections.PROJECTION.refresh
    times: dict[bool, list[float]] = {True: [], False: []}
    try:
        for number in range(2 * count):
            is_indexed = bool(number % 2)
            object.__setattr__(projections.PROJECTION, "refresh", refresh if is_indexed else _skip)
            times[is_indexed].append(_post(visitor, next(requests)))
    finally:
        object.__setattr__(projections.PROJECTION, "refresh", refresh)
    indexed, plain = (statistics.median(times[kind]) for kind in (True, False))
    return {"ms": round(indexed, 2), "plain_ms": round(plain, 2), "ratio": round(indexed / plain, 2)}


def _skip(_lines: object) -> None:
    """Leave the index as it is."""


def _post(visitor: Visitor, request: bytes) -> float:
    head, body = request.split(b"\r\n\r\n", 1)
    path = head.split(b" ")[1].decode()
    cookie = head.split(b"Cookie: ")[1].split(b"\r\n")[0].decode()
    client = visitor.app.test_client(use_cookies=False)
    start = time.thread_time()
    answer = client.post(
        path, data=body, content_type="application/x-www-form-urlencoded",
        headers={"Cookie": cookie, "Host": "127.0.0.1"},
    )  # fmt: skip
    assert answer.status_code == 303, answer.status_code
    return 1000 * (time.thread_time() - start)
