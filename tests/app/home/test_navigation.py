"""Every page of a project marks its entry of the navigation."""

import pytest

from portal.app.home import navigation
from portal.platform.kernel.access import Role
from tests.support import factories as make

# One database engine is enough here.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)

PLACES = {
    "/projects/heron": "Fiche",
    "/projects/heron/file/sheets": "Dossier",
    "/projects/heron/coaching": "Accompagnement",
    "/projects/heron/clinics": "Accompagnement",
    "/projects/heron/findings": "Tests",
    "/projects/heron/reviews": "Éthique",
    "/projects/heron/threads": "Discussions",
    "/projects/heron/backlog": "Carnet",
}


def test_every_page_of_a_project_has_its_navigation(app):
    """Each blueprint of project pages is under an entry, but for the hand-over of the desk."""
    rules = [one for one in app.url_map.iter_rules() if one.rule.startswith("/projects/<slug>")]
    assert {str(one.endpoint).split(".")[0] for one in rules} == navigation.PROJECT_BLUEPRINTS | {"desk"}


def test_a_page_stands_at_one_place_and_the_menu_around_it_says_so(app, browser_for):
    project = make.project(slug="heron")
    browser = browser_for(make.role(project.id, Role.COACH))
    for path, place in PLACES.items():
        links = browser.visit(path).select(".fr-nav a[aria-current]")
        assert [link.text for link in links] == [place]
        menu = links[0].find_parent("details")
        assert menu is None or menu.summary["aria-current"] == "true"
