"""The feed of a project by the API: the lines of its page, a page at a time."""

import pytest

from portal.platform.kernel import audit
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import api
from tests.support import factories as make
from tests.support.browser import words_of

HERE = "/projects/heron"


@pytest.fixture
def person(app):
    project = make.project(slug="heron")
    return make.role(project.id, Role.TEAM_LEAD, make.person(name="Awa Diallo"))


def test_the_lines_are_those_of_the_page_in_pages(app, browser_for, person):
    client = api.client(app, person)
    for number in range(32):
        assert client.post(f"{HERE}/items", {"items": [{"title": f"Relire {number}"}]}).status_code == 201
    first = client.get(f"{HERE}/activity?limit=30").get_json()
    assert len(first["data"]) == 30
    line = first["data"][0]
    assert (line["who"], line["action"]) == ("Awa Diallo", "item.added")
    page = browser_for(person).visit(f"{HERE}/activity")
    shown = [words_of(each) for each in page.select("main > .fr-container > ul > li")]
    assert len(shown) == 30
    for read, text in zip(first["data"], shown, strict=True):
        assert words_of_text(f"{read['who']} {read['sentence']}") in text
    assert line["page"] == page.select_one("main > .fr-container > ul > li a")["href"]
    second = client.get(f"{HERE}/activity?limit=30&cursor={first['next_cursor']}").get_json()
    assert (len(second["data"]), second["next_cursor"]) == (2, None)
    ids = [each["id"] for each in first["data"] + second["data"]]
    assert ids == sorted(set(ids), reverse=True)


def words_of_text(text):
    return " ".join(text.split())


def test_what_is_kept_for_the_team_is_left_out_for_coaches(app, person):
    project = db.session.query(Project).filter_by(slug="heron").one()
    reserved = audit.ACTIONS["agreement.signed"]
    audit.record(make.actor(person), reserved, project, scope_id=project.id, facts={"name": "CANARI"})
    db.session.commit()
    readers = {Role.TEAM_MEMBER: True, Role.PROGRAMME_LEAD: True, Role.COACH: False}
    for role, reads in readers.items():
        answer = api.client(app, make.holder(role, project)).get(f"{HERE}/activity")
        assert ("CANARI" in answer.get_data(as_text=True)) is reads, role
        assert "agreement.signed" in answer.get_data(as_text=True)


def test_strangers_read_no_feed(app, person):
    far = api.client(app, make.role(make.project(slug="far").id, Role.TEAM_LEAD))
    assert far.get(f"{HERE}/activity").status_code == 404
