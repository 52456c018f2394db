"""What the menu "Ajouter" opens adds at once, and a released version says what comes next."""

from portal.platform.kernel.access import Role
from tests.support import factories as make
from tests.support import project_file, uploads, user_tests
from tests.support.browser import words_of
from tests.support.uploads import send

FILE = "/projects/acoss/file"


def test_an_evaluation_is_a_run_where_a_protocol_exists(browser_for, begun, member):
    browser = browser_for(member)
    assert "Écrire un protocole" in words_of(browser.visit(f"{FILE}/evaluation/new?run=1").main)
    project_file.protocol(begun)
    assert browser.open(f"{FILE}/evaluation/new?run=1").location == f"{FILE}/evaluation/1/runs/new"


def test_a_file_is_attached_to_the_project_itself(browser_for, begun, member):
    page = browser_for(member).visit("/projects/acoss/files")
    form = page.select_one(f"form[action='/files/of/project/{begun.id}']")
    assert form.select_one("[type=file]")
    assert send(browser_for(member), form["action"], uploads.CSV, "parcelles.csv").status_code == 303
    reader = browser_for(make.role(begun.id, Role.COACH)).visit("/projects/acoss/files")
    assert not reader.select("[type=file]")
    assert "parcelles.csv" in words_of(reader.main)


def test_a_version_that_nobody_tries_offers_it_until_a_test_is_planned(browser_for, begun, member):
    version = project_file.version(begun)
    browser = browser_for(member)
    offer = browser.visit(f"{FILE}/prototypes/1").find("a", string="La faire essayer")
    assert offer["href"] == "/projects/acoss/tests/new"
    user_tests.round_(begun, version)
    assert not browser.visit(f"{FILE}/prototypes/1").find("a", string="La faire essayer")
    page = browser.visit("/projects/acoss/tests/1")
    assert "Vérifier les constats d’avant" not in words_of(page.main)
