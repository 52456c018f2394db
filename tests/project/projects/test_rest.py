"""What a paused, finished or stopped project still allows, and the refusals of the rest."""

from datetime import date

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support.browser import words_of

HERE = "/projects/heron"
FILE = {
    "organisation": "Office",
    "title_fr": "Mien",
    "starts_on": "2026-01-05",
    "ends_on": "2026-11-04",
    "version": 2,
}
CLOSED = "ne modifie plus ni les sprints ni la présentation"


@pytest.fixture(params=["paused_on", "finished_on", "stopped_on"])
def project(app, request):
    programme = make.programme(starts_on=date.fromisoformat(FILE["starts_on"]))
    return make.project(
        programme,
        slug="heron",
        **{request.param: clock.today()} | {"stop_reason": "Sans données.", "learnings": "Tout."},
    )


@pytest.fixture
def porter(project, browser_for):
    return browser_for(make.role(project.id, Role.TEAM_LEAD))


@pytest.fixture
def lead(project, browser_for):
    return browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))


def test_the_page_says_what_is_closed_and_offers_none_of_it(porter):
    page = porter.visit(HERE)
    assert CLOSED in words_of(page.main)
    assert "Chacun peut lire et commenter" in words_of(page.main)
    assert not page.select("main a[href$='/edit']")


def test_the_team_keeps_its_text_and_reads_why(project, porter):
    db.session.refresh(project)
    page = porter.submit(f"{HERE}/edit", expect=403, **FILE | {"version": project.version})
    assert "n’est pas en cours" in words_of(page.main)
    assert page.select_one("[name=title_fr]")["value"] == "Mien"
    assert "n’est pas en cours" in words_of(porter.visit(f"{HERE}/edit", expect=403).main)


def test_the_programmes_lead_still_mends_the_file(project, lead):
    db.session.refresh(project)
    page = lead.submit(f"{HERE}/edit", **FILE | {"version": project.version})
    assert "Présentation enregistrée" in words_of(page.main)


def test_nobody_is_invited_and_an_open_invitation_can_be_withdrawn(project, porter, lead):
    waiting = make.invitation(scope_id=project.id, role=Role.TEAM_MEMBER, token_hash="none")
    for browser in (porter, lead):
        page = browser.visit(f"{HERE}/team")
        assert not page.select("form[action$='/invitations']")
        typed = {"email": "nour@demo.example", "role": "team_member"}
        page = browser.submit(f"{HERE}/invitations", expect=403, **typed)
        assert "n’est pas en cours" in words_of(page.main)
        assert page.select_one("[name=email]")["value"] == "nour@demo.example"
    porter.submit(f"{HERE}/invitations/{waiting.id}/withdraw")
    db.session.refresh(waiting)
    assert waiting.revoked_at


def test_whoever_reads_it_still_comments(project, porter, browser_for):
    coach = browser_for(make.role(project.id, Role.COACH))
    for browser in (porter, coach):
        path = f"/discussions/{project.discussion_id}/threads"
        page = browser.submit(path, **{"thread-body": "Encore un mot."})
        assert "Encore un mot." in words_of(page.main)


def test_a_share_is_set_by_the_programmes_lead_alone(project, porter, lead):
    path = porter.visit(f"{HERE}/team").select("a[href$='/share']")
    assert path == []
    path = lead.visit(f"{HERE}/team").select_one("a[href$='/share']")["href"]
    assert "n’est pas en cours" in words_of(porter.visit(path, expect=403).main)
    lead.submit(path, share_of_time="40")
