"""A canary in a text of every kind, in two teams where there are two: each person finds what the
pages show them, and nobody anything else by counts, near words, suggestions, pages or time."""

import statistics
import time
from uuid import UUID

import pytest
import sqlalchemy as sa

from portal.collaboration.discussions import commands as discussions
from portal.collaboration.discussions.models import Comment
from portal.collaboration.search import commands, queries
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.queries import SearchFilters, search
from portal.collaboration.search.search import SearchSource
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import connection, db
from tests.support.browser import Browser, words_of

WORD, NEAR = "zinzolin", "zinzolim"
PER_KIND = 2  # rows of each kind, of two teams where there are two
# Their texts are in other tables; `test_search` compares who finds them.
ELSEWHERE = {"review", "committee_pack"}


@pytest.fixture
def canaries(told) -> dict[str, set[UUID]]:
    """The rows whose text holds the canary, by kind."""
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'gate_decision'"
    for name in connection().execute(sa.text(triggers)).scalars().all():  # append-only otherwise
        connection().execute(sa.text(f'DROP TRIGGER "{name}"'))
    rows = {source.kind: _plant(source) for source in contributed(SearchSource)}
    db.session.commit()
    return {kind: ids for kind, ids in rows.items() if ids}


def _plant(source: SearchSource) -> set[UUID]:
    entries = sa.select(SearchEntry.subject_id, SearchEntry.scope_id).where(SearchEntry.kind == source.kind)
    by_scope = {scope: subject for subject, scope in db.session.execute(entries)}
    ids = list(by_scope.values())[:PER_KIND]
    table = source.model.__table__
    for column in (each for each in table.columns if isinstance(each.type, sa.Text | sa.String)):
        length = column.type.length or 10_000
        if length < 100 or isinstance(column.type, sa.Enum):
            continue
        values = {column.name: sa.func.substr(WORD + " " + column, 1, length)}
        with db.session.begin_nested() as attempt:
            db.session.execute(sa.update(table).where(table.c.id.in_(ids)).values(values))
            db.session.expire_all()
            planted = {t.subject_id for t in source.read(ids) if WORD in f"{t.title} {t.body}"}
            if planted:
                commands.index_rows(source, ids)
                return planted
            attempt.rollback()
    return set()


def two_of_each_role() -> list[Actor]:
    """People who hold different roles, two of each kind."""
    actors: dict[object, list[Actor]] = {}
    for person in db.session.scalars(sa.select(Person)):
        actor = actor_for(person.id)
        actors.setdefault(frozenset(role for roles in actor.roles.values() for role in roles), []).append(
            actor
        )
    return [actor for alike in actors.values() for actor in alike[:2]]


def find_all(actor, q: str) -> dict[str, set]:
    """All that a person finds, over all pages, by kind: the addresses."""
    found: dict[str, set] = {}
    page, pages = 1, 1
    while page <= pages:
        results = search(actor, SearchFilters(q=q, page=page))
        pages, page = results.page_count, page + 1
        for source, hit in results.hits:
            found.setdefault(source.kind, set()).add(hit.address)
    return found


def test_each_person_finds_the_canaries_that_the_pages_show_them(canaries):
    kinds = {source.kind for source in contributed(SearchSource)}
    indexed = set(db.session.scalars(sa.select(SearchEntry.kind).distinct()))
    assert (kinds & indexed) - canaries.keys() <= ELSEWHERE
    sources = {source.kind: source for source in contributed(SearchSource)}
    finders = blind = 0
    for actor in two_of_each_role():
        allowed = {kind: sources[kind].find(actor, list(ids)) for kind, ids in canaries.items()}
        allowed = {kind: hits for kind, hits in allowed.items() if hits}
        results = search(actor, SearchFilters(q=WORD))
        assert results.counts == {kind: len(hits) for kind, hits in allowed.items()}
        found = find_all(actor, WORD)
        assert found == {kind: {hit.address for hit in hits.values()} for kind, hits in allowed.items()}
        near_words = search(actor, SearchFilters(q=NEAR)).near_words
        assert (WORD in near_words) == bool(allowed)
        finders, blind = finders + bool(allowed), blind + (not allowed)
    assert finders > 5
    assert blind >= 1


def test_pages_and_suggestions_tell_a_stranger_nothing_in_no_other_time(canaries, told, capsys):
    strangers = [each for each in two_of_each_role() if each.roles and not find_all(each, WORD)]
    assert strangers
    for actor in strangers[:2]:
        times: dict[str, list[float]] = {WORD: [], "qzqzqzqz": []}
        for _try in range(15):
            for word, took in times.items():
                start = time.perf_counter()
                search(actor, SearchFilters(q=word))
                took.append(time.perf_counter() - start)
        forbidden, absent = (statistics.median(took) for took in times.values())
        assert forbidden < 2 * absent + 0.002
    assert WORD not in capsys.readouterr().out


@pytest.fixture
def browser_for_told(told):
    """A browser of a person of the demonstration."""

    def open_browser(person: Person) -> Browser:
        client = told.test_client()
        signed_in = accounts.open_session(person)
        db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = signed_in.token
        return Browser(client)

    return open_browser


def test_a_role_that_ends_finds_nothing_one_request_later(canaries, told, browser_for_told):
    comment = db.session.scalar(sa.select(Comment).where(Comment.body.contains(WORD)))
    person = db.session.get(Person, comment.author_id)
    browser = browser_for_told(person)
    assert f"/comments/{comment.id}" in browser.visit(f"/search?q={WORD}&kind=comment").decode()
    db.session.execute(sa.delete(RoleAssignment).where(RoleAssignment.person_id == person.id))
    db.session.commit()
    page = browser.visit(f"/search?q={NEAR}")
    assert WORD not in words_of(page)
    assert f"/comments/{comment.id}" not in browser.visit(f"/search?q={WORD}").decode()
    assert WORD not in words_of(browser.visit(f"/go-to?q={WORD[:5]}").main)


def test_what_is_withdrawn_leaves_no_word_in_any_table_of_the_index(canaries):
    comment = db.session.scalar(sa.select(Comment).where(Comment.body.contains(WORD)))
    comment.body = "xylographe"
    commands.index_rows(_comments(), [comment.id])
    db.session.commit()
    assert b"ylographe" in dump()
    actor = actor_for(comment.author_id)
    discussions.delete_comment(actor, comment)
    db.session.commit()
    assert b"ylographe" not in dump()
    assert queries.search(actor, SearchFilters(q="xylographe")).count == 0


def _comments() -> SearchSource:
    return next(source for source in contributed(SearchSource) if source.model is Comment)


def dump() -> bytes:
    """All bytes of the index's tables."""
    names = (
        connection().execute(sa.text("SELECT name FROM sqlite_master WHERE name LIKE 'search_%'")).scalars()
    )
    rows = []
    for name in names.all():
        if not name.startswith(("ix_", "sqlite_")) and name != "search_words":
            rows += connection().execute(sa.text(f'SELECT * FROM "{name}"')).all()
    parts = (part if isinstance(part, bytes) else str(part).encode() for row in rows for part in row)
    return b"\0".join(parts)
