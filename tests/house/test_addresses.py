"""How many pages there are under a project, and that its forms stand on the page of their thing."""

import pytest

from portal.app.application.features import PLACES
from portal.platform.kernel.access import Role
from portal.platform.web.placed_forms import form_name_of, init_app
from tests.support import coaching, project_file
from tests.support import factories as make
from tests.support.browser import words_of

# Independent of the database: runs on one engine.
pytestmark = [pytest.mark.usefixtures("house"), pytest.mark.parametrize("house", ["sqlite"], indirect=True)]

PAGES_MAX = 140
FORMER = {"projects.redirect_former_details_page"}  # addresses of earlier releases, which redirect


def addresses(app) -> dict[str, str]:
    """Address → endpoint of every GET under a project."""
    rules = app.url_map.iter_rules()
    return {
        rule.rule: rule.endpoint
        for rule in rules
        if rule.rule.startswith("/projects/<slug>") and "GET" in (rule.methods or ())
    }


def test_a_project_has_few_pages(app, tell):
    pages = {rule for rule, endpoint in addresses(app).items() if endpoint not in {*PLACES, *FORMER}}
    tell("addresses", pages_of_a_project=len(pages), forms_in_place=len(PLACES))
    assert len(pages) <= PAGES_MAX


def test_a_form_stands_on_a_page_of_its_project(app):
    known = {endpoint: rule for rule, endpoint in addresses(app).items()}
    for form, page in PLACES.items():
        assert known.keys() >= {form, page}, (form, page)
        assert page not in PLACES, f"{page} is itself a form"


def test_two_forms_of_one_name_on_a_page_are_refused(make_app):
    other = make_app()
    with pytest.raises(ValueError, match="two forms"):
        init_app(other, {"recommendations.change": "risks.page", "risks.change": "risks.page"})


@pytest.fixture
def project(app):
    return make.project(slug="heron")


def test_a_form_is_shown_on_its_page_and_keeps_its_address(browser_for, project):
    coach = make.holder(Role.COACH, project)
    coaching.recommendation(project, coach, what="Voir cinq usagers")
    member = browser_for(make.holder(Role.TEAM_MEMBER, project))
    former = member.open("/projects/heron/recommendations/1/decline")
    assert (former.status_code, former.location) == (
        303,
        "/projects/heron/recommendations/1?open=decline#act",
    )
    page = member.visit(former.location)
    assert words_of(page.h1) == "Voir cinq usagers"
    form = page.select_one("#act form")
    assert form["action"] == "/projects/heron/recommendations/1/decline"
    assert not member.visit("/projects/heron/recommendations/1").select("#act")


def test_a_refused_form_comes_back_on_its_page_with_what_was_typed(browser_for, project):
    coaching.recommendation(project, make.holder(Role.COACH, project), what="Voir cinq usagers")
    member = browser_for(make.holder(Role.TEAM_MEMBER, project))
    page = member.submit("/projects/heron/recommendations/1/decline", expect=422, decline_reason="")
    assert words_of(page.h1) == "Voir cinq usagers"
    assert page.select_one("#act .fr-message--error")


def test_what_the_address_of_the_page_does_not_say_comes_from_the_query(browser_for, project):
    group = project_file.group(project, name="Inspecteurs")
    member = browser_for(make.holder(Role.TEAM_MEMBER, project))
    page = member.visit(f"/projects/heron/file/groups/{group.number}")
    assert page.select_one("#act [name=name]")["value"] == "Inspecteurs"
    for bad in ("?open=change", "?open=change&number=99", "?open=change&number=x"):
        member.visit(f"/projects/heron/file/groups{bad}", expect=404)
    assert not member.visit("/projects/heron/file/groups?open=nothing").select("#act")


def test_who_may_not_send_a_form_is_refused_it_on_its_page_too(browser_for, project):
    observer = browser_for(make.role(make.project().id, Role.TEAM_LEAD))
    coach = browser_for(make.holder(Role.COACH, project))
    for path in ("/projects/heron/edit", "/projects/heron?open=edit"):
        coach.visit(path, expect=403)
        observer.visit(path, expect=404)


def test_the_name_of_a_form_is_its_verb():
    assert form_name_of("items.block_page") == "block"
