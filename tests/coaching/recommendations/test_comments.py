"""Comments become recommendations or items, are quoted, and are listed while unresolved."""

import pytest

from portal.coaching.recommendations import commands
from portal.collaboration.discussions import commands as talks
from portal.collaboration.discussions.models import Mention, Thread
from portal.collaboration.discussions.thread_queries import list_open_threads_and_total
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import TooLate
from portal.sprints.backlog.models import Item
from tests.support import api
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden

T = "/projects/heron/threads"


@pytest.fixture
def said(project, coaching):
    text = "## Relire les refus\nÀ deux, chaque lundi."
    return make.comment(project.discussion_id, coaching, body=text)


def test_a_comment_becomes_an_item_once(project, member, coach, said):
    item = commands.make_backlog_item_of_comment(member, project, said)
    assert commands.make_backlog_item_of_comment(member, project, said) is item
    assert (item.title, item.origin) == ("Relire les refus", f"/comments/{said.id}")
    with forbidden():
        commands.make_backlog_item_of_comment(coach, project, said)
    talks.delete_comment(coach, said)
    with pytest.raises(TooLate):
        commands.make_backlog_item_of_comment(member, project, said)
    assert db.session.query(Item).count() == 1


def test_what_a_comment_becomes_names_those_whom_it_mentions(project, member, coaching, browser_for):
    awa = make.role(project.id, Role.COACH, make.person(name="Awa Diallo", handle="awa-d"))
    said = make.comment(project.discussion_id, coaching, body="@awa-d relit les refus")
    db.session.add(Mention(comment_id=said.id, person_id=awa.id))
    item = commands.make_backlog_item_of_comment(member, project, said)
    assert item.title == "@Awa Diallo relit les refus"
    form = browser_for(awa).visit(f"/comments/{said.id}/recommend")
    assert form.select_one("[name=what]")["value"] == "@Awa Diallo relit les refus"


def test_each_sees_what_they_may_make_of_a_comment(browser_for, project, person, coaching, said):
    page = "/projects/heron/discussions"
    theirs, ours = browser_for(coaching), browser_for(person)
    reviewer = browser_for(make.role(project.id, Role.ETHICS_REVIEWER))
    link = {"href": f"/comments/{said.id}/recommend"}
    form = {"action": f"/comments/{said.id}/item"}
    for browser, advises, works in ((theirs, True, False), (ours, False, True), (reviewer, False, False)):
        shown = browser.visit(page)
        assert bool(shown.find("a", link)) is advises
        assert bool(shown.find("form", form)) is works
    filled = theirs.visit(link["href"])
    assert filled.select_one("[name=what]")["value"] == "Relire les refus"
    made = ours.submit(form["action"])
    assert made.find("h1").text.strip() == "Relire les refus"


def test_a_coach_recommends_from_a_comment_by_the_api(app, person, coaching, coach, said):
    path, advice = f"/comments/{said.id}/recommendation", {"what": "Relire", "why": "Les refus"}
    made = api.client(app, coaching).post(path, advice)
    assert made.status_code == 201
    row = made.get_json()
    assert made.headers["Location"].endswith(f"/projects/heron/recommendations/{row['number']}")
    assert (row["comment_id"], row["about_id"]) == (str(said.id), str(said.discussion_id))
    assert api.client(app, person).post(path, advice).status_code == 403
    stranger = make.role(make.project(slug="far").id, Role.COACH)
    assert api.client(app, stranger).post(path, advice).status_code == 404
    talks.delete_comment(coach, said)
    db.session.commit()
    assert api.client(app, coaching).post(path, advice).status_code == 404


def test_an_answer_may_begin_with_what_it_answers(browser_for, person, coaching, said):
    page = browser_for(person).visit(f"/comments/{said.id}/quote")
    typed = page.select_one(f"#reply-{said.thread_id} textarea").text
    assert typed.strip().startswith(f"> **{coaching.name}**")
    assert "> ## Relire les refus\n> À deux, chaque lundi." in typed.replace("\r", "")


def test_all_open_threads_of_a_project_are_on_one_page(browser_for, project, person, member, said):
    sprint = make.active_sprint(project, number=4)
    old = make.comment(sprint.discussion_id, person, body="Qui a les clés ?")
    settled = make.comment(sprint.discussion_id, person, body="Réglé.")
    talks.resolve_thread(member, db.session.get_one(Thread, settled.thread_id))
    elsewhere = make.project()
    make.comment(elsewhere.discussion_id, person, body="Ailleurs.")
    db.session.commit()
    found, count = list_open_threads_and_total(member, project.id)
    assert [(one.comment_id, one.new) for one in found] == [(said.id, 1), (old.id, 0)]
    assert count == 2
    stranger = make.actor(make.role(elsewhere.id, Role.TEAM_LEAD))
    assert list_open_threads_and_total(stranger, project.id) == ([], 0)
    page = words_of(browser_for(person).visit(T).main)
    assert "Qui a les clés" in page
    assert "Tout le projet" in page
    assert "Réglé." not in page


def test_fifty_threads_cost_what_one_costs(browser_for, project, person, statements):
    browser, costs = browser_for(person), []
    for count in (1, 24):
        for _number in range(count):
            make.comment(project.discussion_id, make.person())
        browser.open(T)
        statements.clear()
        browser.open(T)
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert browser.visit(f"{T}?page=2").select("#threads tbody tr")
