import pytest
import sqlalchemy as sa

from portal.people.accounts.models import OpenSession
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.browser import words_of

PAGE = "/profile/sessions"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"


@pytest.fixture
def browser(ada, browser_for):
    return browser_for(ada)


def rows(page):
    return [words_of(row) for row in page.select("main tbody tr")]


def test_a_session_says_its_device_in_words_and_which_is_this_one(ada, browser, app):
    typed = {"email": ada.email, "password": SECRET}
    db.session.rollback()  # releases the lock of the test's reads before the attempt is counted
    app.test_client().post("/sign-in", data=typed, headers={"User-Agent": FIREFOX})
    listed = rows(browser.visit(PAGE))
    assert len(listed) == 2
    assert sum("Firefox sous Windows" in row for row in listed) == 1
    assert [("Cette session" in row, "Firefox" in row) for row in listed] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )
    assert all("aujourd’hui" in row for row in listed)
    kept = db.session.scalars(sa.select(OpenSession).where(OpenSession.browser != "")).one()
    assert (kept.browser, kept.system) == ("Firefox", "Windows")


def test_ended_lapsed_and_other_peoples_sessions_are_not_listed(ada, browser):
    make.session(ada, ended_at=clock.now())
    make.session(ada, expires_at=clock.now())
    make.session(make.person())
    assert len(rows(browser.visit(PAGE))) == 1


def test_one_session_is_closed_within_one_request(ada, browser, browser_for):
    elsewhere = browser_for(ada)
    other = db.session.scalars(sa.select(OpenSession).order_by(OpenSession.id.desc())).first()
    for _ in range(2):  # closing twice is allowed
        page = browser.submit(f"{PAGE}/{other.id}/close")
        assert "Session fermée." in page.text
    assert elsewhere.open("/profile", method="GET").status_code == 303
    browser.visit("/profile")


def test_closing_this_session_signs_out(ada, browser):
    mine = db.session.scalars(sa.select(OpenSession)).one()
    assert browser.submit(f"{PAGE}/{mine.id}/close").h1.text == "Se connecter"
    assert browser.open("/profile", method="GET").status_code == 303


def test_the_session_of_another_is_not_found(browser):
    other = make.session(make.person())
    browser.submit(f"{PAGE}/{other.id}/close", expect=404)
    db.session.refresh(other)
    assert other.ended_at is None


@pytest.mark.parametrize(("which", "stays"), [("close-others", True), ("close-all", False)])
def test_several_are_closed_at_once(ada, browser, browser_for, which, stays):
    elsewhere, stranger = browser_for(ada), browser_for(make.person())
    browser.submit(f"{PAGE}/{which}")
    assert elsewhere.open("/profile", method="GET").status_code == 303
    assert browser.open("/profile", method="GET").status_code == (200 if stays else 303)
    stranger.visit("/profile")


def test_fifty_sessions_cost_what_one_costs(ada, browser, statements):
    def cost() -> int:
        before = len(statements)
        browser.visit(PAGE)
        return len(statements) - before

    alone = cost()
    for _ in range(49):
        make.session(ada)
    assert cost() == alone


def test_a_role_counts_from_the_next_request_of_a_session_that_is_open(ada, browser):
    browser.visit("/administrators", expect=404)
    make.role(make.INSTALLATION, Role.ADMINISTRATOR, ada)
    browser.visit("/administrators")
    db.session.execute(sa.delete(RoleAssignment).where(RoleAssignment.person_id == ada.id))
    browser.visit("/administrators", expect=404)


def test_no_address_of_the_network_is_kept():
    assert not {"ip", "address", "remote"} & {
        part for column in OpenSession.__table__.columns for part in column.name.split("_")
    }
