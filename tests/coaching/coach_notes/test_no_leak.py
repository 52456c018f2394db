"""The text of a coaches' note leaks to no other role on any page, and is stored nowhere else."""

import zipfile
from collections.abc import Iterable
from io import BytesIO

import pypdf
import pytest
import sqlalchemy as sa

from portal.coaching.coach_notes import commands, queries
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.addresses import addresses_of
from tests.support.refusals import forbidden
from tests.support.turns import share_of

WORD = "zinzolin"
N = "/projects/heron/coach-notes"
# Roles that read the project but not its notes; all others get 404 on its pages.
READERS = (Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.ETHICS_REVIEWER)
OTHERS = (Role.OPERATOR, Role.OBSERVER, Role.JUROR, Role.ADMINISTRATOR)


@pytest.fixture
def told(project, coach):
    """A note, an edited note and a deleted note."""
    note = commands.write_note(coach, project, f"{WORD} un")
    commands.edit_note(coach, project, note, f"**{WORD}** deux", note.version)
    gone = commands.write_note(coach, project, f"{WORD} trois")
    commands.delete_note(coach, project, gone)
    db.session.commit()
    return note


def pages_that_tell(browser, pages: Iterable[tuple[str, str]]) -> set[str]:
    found = set()
    for address, endpoint in pages:
        answer = browser.open(address)
        if answer.status_code == 200 and WORD in _text_of(answer).casefold():
            found.add(endpoint)
    return found


def _text_of(answer) -> str:
    """The text of a page, a PDF, or all parts of a spreadsheet."""
    if answer.mimetype == "application/pdf":
        return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.data)).pages)
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(answer.data)) as parts:
            return " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return answer.data.decode("utf-8", "replace")


def test_no_other_role_finds_a_word_behind_any_door(app, project, told, browser_for, coaching):
    pages = sorted(addresses_of(app).items())
    assert pages_that_tell(browser_for(coaching), pages) == {
        "coach_notes.index",
        "session_preparation.page",
    }
    readers = [make.holder(role, project) for role in READERS]
    others = [make.holder(role, project) for role in OTHERS]
    others.append(make.role(make.project(slug="other").id, Role.COACH))
    others.append(
        make.role(project.programme_id, Role.COACH)
    )  # a coach of the programme, not of this project
    elsewhere = [page for page in pages if not page[0].startswith("/projects/heron")]
    for n, person in enumerate((*readers, *others)):
        browser = browser_for(person)
        reachable = pages if person in readers else elsewhere
        assert pages_that_tell(browser, share_of(f"pages of reader {n}", reachable, 3)) == set()
        for path in (N, f"{N}/new", f"{N}/1/edit", f"{N}/1/delete"):
            assert browser.open(path).status_code == 404
        for path in (f"{N}/new", f"{N}/1/edit", f"{N}/1/delete"):
            typed = {"body": "b", "version": "2", "form_key": "k"}
            assert browser.open(path, method="POST", data=typed).status_code == 404


def test_whoever_stops_coaching_reads_them_no_more(project, told, browser_for, coaching):
    browser = browser_for(coaching)
    assert browser.open(N).status_code == 200
    db.session.execute(sa.text("DELETE FROM role_assignment WHERE role = 'coach'"))
    db.session.commit()
    assert browser.open(N).status_code == 404


def test_nothing_kept_besides_the_note_holds_it(project, told):
    holding = set()
    quote = db.engine.dialect.identifier_preparer.quote
    for table in sa.inspect(db.engine).get_table_names():
        for row in db.session.execute(sa.text(f"SELECT * FROM {quote(table)}")):
            if WORD in str(tuple(row)).casefold():
                holding.add("search_words" if table.startswith("search_words") else table)
    assert holding == {"coach_note", "search_words"}  # the index tells the words to their readers alone
    (kept,) = db.session.execute(sa.text("SELECT count(*) FROM coach_note")).one()
    assert kept == 1


def test_commands_and_queries_ask_too(project, told, coach, lead, member):
    for deed in (
        lambda: commands.write_note(member, project, "b"),
        lambda: commands.edit_note(member, project, told, "b", told.version),
        lambda: commands.delete_note(member, project, told),
        lambda: queries.get_note(member, project, told.number),
    ):
        with pytest.raises(NotFound):
            deed()
    assert queries.read_notes_page(member, project).count == 0
    assert queries.read_notes_page(lead, project).count == 1
    with forbidden():
        commands.edit_note(lead, project, told, "b", told.version)
    with pytest.raises(Conflict):
        commands.edit_note(coach, project, told, "b", 0)
    with pytest.raises(RuleBroken):
        commands.write_note(coach, project, "  ")


def test_coaches_share_them_and_write_in_their_own_name(project, browser_for, coaching):
    theirs, other = browser_for(coaching), browser_for(make.role(project.id, Role.COACH))
    some.note(project, coaching)
    page = other.submit(f"{N}/new", body="Vu **aussi**.")
    assert len(page.select("#notes li, .deeds > li")) >= 2
    assert other.open(f"{N}/1/edit").status_code == 403
    theirs.submit(f"{N}/1/edit", version="1", body="Mieux dit.")
    for _click in range(2):
        page = theirs.submit(f"{N}/1/delete", form_key="k")
        assert "Mieux dit" not in page.main.text
    other.submit(f"{N}/1/delete", form_key="k", expect=404)  # an idempotency key belongs to one person
