"""A word stored with one participant's session only: after a withdrawal, and after retention, no
table, no file and no page holds it any more."""

import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
import sqlalchemy as sa
from werkzeug.routing import BuildError

from portal.collaboration.files.models import Attachment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.services import get_service
from portal.platform.storage.intake import UploadIntake
from portal.user_tests.reports.purge_jobs import purge_due_test_data
from portal.user_tests.rounds.models import TestRound
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.user_tests import one_of_each

WORD = "zinzolin"
SHOUTED = WORD.upper()
T = "/projects/heron/tests"
S = f"{T}/sessions/1"
# Values of the URL parameters of project pages.
KNOWN = {"slug": ["heron"], "number": [1], "language": ["fr"], "task": [1]}
IN_PARTS = ("rounds", "test_", "findings", "retests", "result_imports", "discussions")


@pytest.fixture
def project(app):
    return make.project(slug="heron", acronym="ASN")


@pytest.fixture
def person(project):
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def browser(browser_for, person):
    return browser_for(person)


@pytest.fixture
def told(project, person, browser):
    """Store the word wherever data of a participant can be entered: typed, in an attachment, in an
    imported file and in a staged one."""
    round_ = one_of_each(project, person)
    browser.submit(S, **{"s-notes": WORD, "s-was": "", "t1-notes": SHOUTED, "t1-was": ""})
    browser.submit(S, **{"s-notes": f"{WORD} !", "s-was": ""}, expect=409)
    form = browser.visit(S).find("form", action=lambda to: to and "/test_session/" in to)
    sent = {"file": (BytesIO(WORD.encode()), f"{WORD}.txt"), "form_key": new_id().hex}
    assert browser.open(form["action"], method="POST", data=sent).status_code == 303
    browser.visit(S)  # which shows the flash message of the attachment
    tests.results_import(round_, person, tests.line(notes=WORD), file_name=f"{WORD}.csv")
    return db.session.scalars(sa.select(Attachment.key)).one()


def tables() -> list[str]:
    return sa.inspect(db.engine).get_table_names()


def rows_that_tell() -> list[str]:
    """Return the rows that hold the word, of all tables of the database."""
    db.session.rollback()
    quote = db.engine.dialect.identifier_preparer.quote
    found = []
    for table in tables():
        for row in db.session.execute(sa.text(f"SELECT * FROM {quote(table)}")):
            if WORD in " ".join(_said(cell) for cell in row).casefold():
                found.append(f"{table} {tuple(row)}")
    return found


def _said(cell: object) -> str:
    """Return bytes as text, decompressed if needed."""
    if isinstance(cell, memoryview):
        cell = bytes(cell)
    if not isinstance(cell, bytes):
        return str(cell)
    with suppress(zlib.error):
        cell = zlib.decompress(cell)
    return cell.decode("utf-8", "replace")


def addresses(app) -> dict[str, str]:
    """Return all GET addresses of a project that need no id."""
    found = {}
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or not rule.arguments <= KNOWN.keys():
                continue
            for values in _combinations(sorted(rule.arguments)):
                try:
                    found[adapter.build(rule.endpoint, values)] = rule.endpoint
                except BuildError:
                    continue
    return found


def _combinations(names: list[str]) -> list[dict[str, object]]:
    made: list[dict[str, object]] = [{}]
    for name in names:
        made = [{**one, name: value} for one in made for value in KNOWN[name]]
    return made


def pages_that_tell(app, browser, only: set[str] | None = None) -> set[str]:
    """Return the endpoints whose page or fragment holds the word."""
    found = set()
    for address, endpoint in addresses(app).items():
        if only is not None and endpoint not in only:
            continue
        in_parts = (browser.with_htmx(),) if endpoint.startswith(IN_PARTS) else ()
        for reader in (browser, *in_parts):
            answer = reader.open(address, method="GET")
            if answer.status_code == 200 and WORD in _text_of(answer).casefold():
                found.add(endpoint)
    exported = browser.open(f"{T}/1/sessions.csv", method="POST", data={})
    return found | ({"export"} if WORD in exported.text.casefold() else set())


def _text_of(answer) -> str:
    if answer.mimetype != "application/pdf":
        return answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
    pages = pypdf.PdfReader(BytesIO(answer.data)).pages
    return " ".join(page.extract_text() for page in pages)


def files_that_tell(app, key: str) -> list[str]:
    """Return the stored files that hold the word, without files of other tests."""
    storage = get_service(UploadIntake, app).storage
    found = []
    for one in storage.stored():
        if one.key != key:
            continue
        with storage.open(one.key) as file:
            if WORD.encode() in file.read():
                found.append(one.key)
    return found


TELLING = {"test_sessions.page", "project_files.index", "export"}


def test_the_word_is_found_where_it_is(app, browser, told):
    """Guards against searches that never find anything."""
    holding = {row.split()[0] for row in rows_that_tell()}
    assert holding >= {"test_session", "task_result", "attachment", "results_import"}
    assert pages_that_tell(app, browser, TELLING) == TELLING
    assert files_that_tell(app, told)
    assert len(addresses(app)) > 60


def bytes_that_tell() -> list[str]:
    """Return SQLite's files (WAL too) that hold the word; PostgreSQL leaves this to vacuum."""
    if db.engine.dialect.name != "sqlite":
        return []
    db.session.remove()  # an open read transaction keeps the WAL
    file = Path(db.engine.url.database or "")
    told = (WORD.encode(), SHOUTED.encode())
    kept = [one for one in file.parent.glob(f"{file.name}*") if not one.name.endswith("-shm")]
    return [one.name for one in kept if any(word in one.read_bytes() for word in told)]


def test_after_a_withdrawal_nothing_tells(app, browser, told):
    is_sqlite = db.engine.dialect.name == "sqlite"
    assert bool(bytes_that_tell()) is is_sqlite
    browser.submit(f"{S}/withdraw", form_key="k")
    assert bytes_that_tell() == []
    assert rows_that_tell() == []
    assert pages_that_tell(app, browser) == set()
    assert files_that_tell(app, told) == []


def test_after_retention_nothing_tells(app, browser, told, project):
    project.finished_on = clock.today()
    db.session.commit()
    with clock.frozen_at(clock.now().replace(year=clock.now().year + 2)):
        assert purge_due_test_data(clock.now()) == 1
    assert rows_that_tell() == []
    assert pages_that_tell(app, browser, TELLING | {"rounds.page", "test_reports.page"}) == set()
    assert files_that_tell(app, told) == []


@pytest.mark.parametrize("end", ["stopped", "finished"])
def test_however_a_project_ends_its_clock_runs(app, told, project, end):
    setattr(project, f"{end}_on", clock.today())
    if end == "stopped":
        project.stop_reason, project.learnings = "r", "l"
    db.session.commit()
    with clock.frozen_at(clock.now().replace(year=clock.now().year + 2)):
        assert purge_due_test_data(clock.now()) == 1
    assert db.session.query(TestRound).count() == 1
