"""Pages and acts by the names that people type: of programmes, of roles, of the account and of all."""

import pytest

from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from tests.app.search.test_search import suggestions
from tests.support import factories as make


@pytest.fixture
def project(app):
    programme = make.programme(slug="atelier", name_fr="Atelier imaginaire", name_en="Imaginary workshop")
    return make.project(programme, slug="heron", organisation="Météo-France", acronym="")


def test_a_programme_is_found_by_its_name_by_whoever_opens_it(browser_for, project):
    page = "/programmes/atelier"
    admin = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    for words in ("atelier imaginaire", "imaginary workshop", "atel"):
        for browser in (admin, lead):
            assert page in suggestions(browser, f"q={words}").values(), words
    assert lead.visit(page).h1
    stranger = browser_for(make.holder(Role.PROGRAMME_LEAD, make.project()))
    assert suggestions(stranger, "q=atelier") == {}


def test_the_pages_of_a_programme_are_found_by_who_may_open_them(browser_for, project):
    packs = "/programmes/atelier/packs"
    for words in ("dossier de comité", "atelier dossiers comité", "committee packs"):
        for role, is_open in ((Role.PROGRAMME_LEAD, True), (Role.OBSERVER, True), (Role.COACH, False)):
            browser = browser_for(make.role(project.programme_id, role))
            assert (packs in suggestions(browser, f"q={words}").values()) is is_open, (words, role)
    for role in Role:
        browser = browser_for(make.holder(role, project))
        for words in ("comites", "revues", "jalons", "appels", "volets", "programme", "rapports", "atelier"):
            for url in suggestions(browser, f"q={words}").values():
                assert browser.visit(url.split("#")[0]), (role, url)


@pytest.mark.parametrize(
    ("role", "words", "url"),
    [
        (Role.ADMINISTRATOR, "sauvegardes", "/administration"),
        (Role.ADMINISTRATOR, "back-ups", "/administration"),
        (Role.ADMINISTRATOR, "jetons tous", "/admin/tokens"),
        (Role.JUROR, "déclarer un conflit", "/jury"),
        (Role.OPERATOR, "enregistrer un paiement", "/funding"),
        (Role.OBSERVER, "jetons", "/profile/tokens"),
        (Role.OBSERVER, "accessibilité", "/accessibility"),
        (Role.OBSERVER, "accessibility", "/accessibility"),
        (Role.OBSERVER, "mentions légales", "/legal"),
        (Role.OBSERVER, "déconnexion", "/sessions"),
        (Role.OBSERVER, "sign out", "/sessions"),
        (Role.OBSERVER, "langue", "/profile#about-me"),
        (Role.PROGRAMME_LEAD, "accepter", "/to-decide"),
        (Role.PROGRAMME_LEAD, "dispenser&project=heron", "/projects/heron/gates"),
        (Role.PROGRAMME_LEAD, "affecter&project=heron", "/projects/heron/team#coach"),
        (Role.COACH, "accepter&project=heron", "/projects/heron/gates"),
        (Role.TEAM_MEMBER, "members&project=heron", "/projects/heron/team"),
    ],
)
def test_what_people_type_leads_to_the_page_that_opens(browser_for, project, role, words, url):
    browser = browser_for(make.holder(role, project))
    urls = [each for each in suggestions(browser, f"q={words}").values() if each.endswith(url)]
    assert urls, suggestions(browser, f"q={words}")
    assert browser.visit(urls[0].split("#")[0])


def test_acts_are_those_of_the_role(browser_for, project):
    member = browser_for(make.holder(Role.TEAM_MEMBER, project))
    for words in ("dispenser", "affecter", "accepter", "enregistrer paiement", "conflit", "sauvegardes"):
        urls = suggestions(member, f"q={words}&project=heron").values()
        assert all(url.startswith("/guides/") for url in urls), words
