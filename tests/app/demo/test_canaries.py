"""A canary in a text of every kind, in two teams where there are two: each person finds what the
pages show them, and nobody anything else by counts, near words, suggestions, pages or time."""

import io
import statistics
import time
import zipfile
from uuid import UUID

import pytest
import sqlalchemy as sa
import structlog

from portal.collaboration.discussions import commands as discussions
from portal.collaboration.discussions.models import Comment
from portal.collaboration.search import commands, queries
from portal.collaboration.search.queries import SearchFilters, search
from portal.collaboration.search.search import SearchSource
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.privacy.export_jobs import write_export_archive
from portal.people.programmes.models import Programme, RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import connection, db
from tests.app.demo.canaries import PER_KIND, WORD, plant
from tests.support import factories as make
from tests.support.browser import Browser, words_of

NEAR = "zinzolim"
# The demonstration has one programme: what is a programme's and not a team's stands there once.
OF_PROGRAMMES = {"gathering", "committee_pack", "application_message"}


@pytest.fixture
def canaries(told) -> dict[str, set[UUID]]:
    """The rows whose text holds the canary, by kind."""
    return plant()


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
    """All that a person finds, over all pages, by kind: the addresses; of an answer, its review's."""
    found: dict[str, set] = {}
    page, pages = 1, 1
    while page <= pages:
        results = search(actor, SearchFilters(q=q, page=page))
        pages, page = results.page_count, page + 1
        for source, hit in results.hits:
            found.setdefault(source.kind, set()).add(hit.address.partition("/sections/")[0])
    return found


def test_each_person_finds_the_canaries_that_the_pages_show_them(canaries):
    assert {kind for kind, ids in canaries.items() if not ids} == set()
    assert {kind for kind, ids in canaries.items() if len(ids) < PER_KIND} <= OF_PROGRAMMES
    sources = {source.kind: source for source in list_contributions(SearchSource)}
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


def test_a_search_takes_a_stranger_no_other_time(canaries, told):
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


def test_pages_suggestions_and_exports_tell_another_programme_nothing(canaries, told, browser_for_told):
    """`WORD[:6]` finds the canary where it may be read, and is none itself on the page."""
    team = make.project()
    programme = db.session.get(Programme, team.programme_id)
    for role in (Role.PROGRAMME_LEAD, Role.OBSERVER, Role.OPERATOR, Role.TEAM_MEMBER, Role.COACH):
        person = make.holder(role, team)
        browser = browser_for_told(person)
        pages = [browser.visit(f"/search?q={q}") for q in (WORD[:6], NEAR, f"{WORD[:6]} bleu")]
        pages.append(browser.with_htmx().visit(f"/go-to?q={WORD[:6]}"))
        assert all(WORD not in page.decode() for page in pages)
        assert words_of(pages[0].h1) == f"Rien pour « {WORD[:6]} »"
        archive = io.BytesIO()
        write_export_archive(archive, db.session.get(Person, person.id))
        assert WORD not in unpacked(archive.getvalue())
        if role is Role.PROGRAMME_LEAD:
            for url in (f"/programmes/{programme.slug}/exports", "/portfolio/concerns/export"):
                for kind in ("xlsx", "csv"):
                    form = browser.visit(url)
                    fields = {f["name"]: f.get("value", "") for f in form.select("main form input[name]")}
                    sent = browser.open(url, method="POST", data=fields | {"kind": kind})
                    assert sent.status_code == 200, (url, sent.status_code, sent.text[:500])
                    assert "html" not in sent.mimetype
                    assert WORD not in unpacked(sent.data)


def test_no_log_holds_what_was_searched_for_or_found(canaries, told, browser_for_told, capsys):
    reader = next(actor for actor in two_of_each_role() if find_all(actor, WORD))
    browser = browser_for_told(db.session.get(Person, reader.person_id))
    usual = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(20))
    try:
        assert WORD in browser.visit(f"/search?q={WORD[:6]}").decode()
        assert WORD in browser.with_htmx().visit(f"/go-to?q={WORD}").decode()
        browser.visit(f"/search?q={WORD}&page=zz&since=zz&kind=zz")
    finally:
        structlog.configure(wrapper_class=usual)
    logs = capsys.readouterr()
    assert logs.out.count("search.index") == 2
    assert WORD[:6] not in logs.out + logs.err


def unpacked(data: bytes) -> str:
    """The text of an export: of an archive, that of all its files."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(unpacked(archive.read(name)) for name in archive.namelist())


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
    return next(source for source in list_contributions(SearchSource) if source.model is Comment)


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
