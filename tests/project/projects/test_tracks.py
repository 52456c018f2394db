import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import commands, queries
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def lead(project):
    return make.role(project.programme_id, Role.PROGRAMME_LEAD)


def keys(project):
    db.session.rollback()
    return [track.key for track in queries.list_tracks(project)]


def test_a_programmes_lead_changes_the_tracks_of_a_project(project, lead, browser_for):
    browser = browser_for(lead)
    link = browser.visit("/projects/heron/team").find("a", string="Changer les volets du projet")
    page = browser.visit(link["href"])
    ticked = [box["value"] for box in page.select("[name=tracks][checked]")]
    assert ticked == ["technical", "strategic"]
    browser.submit(link["href"], tracks="strategic")
    assert keys(project) == ["strategic"]
    feed = words_of(browser.visit("/projects/heron/activity").main)
    assert "a changé les volets du projet" in feed
    browser.submit(link["href"], tracks=["technical", "strategic"])
    assert keys(project) == ["technical", "strategic"]
    browser.submit(link["href"], expect=422, tracks="unknown")


def test_a_track_with_a_coach_stays_and_the_page_names_the_coach(project, lead, browser_for):
    track = next(track for track in queries.list_tracks(project) if track.key == "technical")
    make.role(project.id, Role.COACH, make.person(name="Ada Martin"), track_id=track.id)
    page = browser_for(lead).submit("/projects/heron/tracks", expect=422, tracks="strategic")
    assert "Ada Martin suit le projet sur le volet technical." in words_of(page.main)
    assert keys(project) == ["technical", "strategic"]


def test_the_team_does_not_choose_its_tracks(project, browser_for):
    member = make.role(project.id, Role.TEAM_LEAD)
    with forbidden():
        commands.choose_tracks(make.actor(member), project, [])
    browser_for(member).visit("/projects/heron/tracks", expect=403)


def test_a_track_of_another_programme_is_no_choice(project, lead):
    make.track(make.programme(), key="elsewhere")
    commands.choose_tracks(make.actor(lead), project, ["elsewhere", "technical"])
    db.session.flush()
    assert [track.key for track in queries.list_tracks(project)] == ["technical"]


def test_no_track_chosen_is_no_fault(app, browser_for):
    project = make.project(slug="heron")
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    lead.submit("/projects/heron/tracks")
    assert queries.list_tracks(project) == []
