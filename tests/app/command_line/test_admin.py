import pytest

from portal.people.accounts import commands as accounts
from portal.people.accounts import queries as people
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.programmes.models import INSTALLATION
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from tests.support import factories as make

LONG = "une phrase assez longue"


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()

    def call(*words: str) -> tuple[int, str]:
        db.session.commit()
        done = runner.invoke(args=["admin", *words])
        db.session.rollback()  # what a command did not commit ends with it
        return done.exit_code, done.output

    return call


def test_the_first_administrator_is_made_on_the_command_line(app, run):
    code, said = run("create", "--email", "A@demo.example", "--name", "Ada", "--password", LONG)
    assert (code, "can sign in" in said) == (0, True)
    person = people.find_person_by_email("a@demo.example")
    assert person is not None
    assert actor_for(person.id).has_role_in(Role.ADMINISTRATOR, in_=INSTALLATION)
    assert accounts.sign_in("a@demo.example", LONG, get_service(PortalPasswordHasher, app))


def test_an_administrator_needs_a_long_password(run):
    code, said = run("create", "--email", "a@b.example", "--name", "A", "--password", "x" * 13)
    assert code == 1
    assert "at least 14 characters" in said
    assert people.find_person_by_email("a@b.example") is None


def test_an_address_has_one_account(run):
    person = make.person()
    code, said = run("create", "--email", person.email, "--name", "A", "--password", LONG)
    assert (code, "already" in said) == (1, True)


def test_a_forgotten_password_is_given_anew_and_sessions_end(app, run, browser_for):
    person = make.person()
    email, browser = person.email, browser_for(person)
    assert run("password", email, "--password", LONG)[0] == 0
    assert accounts.sign_in(email, LONG, get_service(PortalPasswordHasher, app))
    assert browser.open("/profile", method="GET").status_code == 303


def test_a_disabled_account_is_out_within_one_request(app, run, browser_for):
    person = make.person()
    person.password_hash = get_service(PortalPasswordHasher, app).hash(LONG)
    email, browser = person.email, browser_for(person)
    assert browser.open("/profile", method="GET").status_code == 200
    assert run("disable", email)[0] == 0
    assert browser.open("/profile", method="GET").status_code == 303
    assert accounts.sign_in(email, LONG, get_service(PortalPasswordHasher, app)) is None
    assert run("enable", email)[0] == 0
    assert accounts.sign_in(email, LONG, get_service(PortalPasswordHasher, app))


def test_nobody_is_nobody(run):
    assert run("disable", "nobody@demo.example")[0] == 1
