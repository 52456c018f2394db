"""Pages that show files: of a comment, a sprint, in lists, and of a whole project."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from portal.collaboration.files import queries
from portal.collaboration.files.models import Attachment
from portal.collaboration.files.subject_queries import AttachmentSubjectKind
from portal.collaboration.files.views import get_subject_kinds
from portal.ethics.reviews.models import ReviewState
from portal.platform.kernel import clock, contributions
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.project.data_sources.models import DataSource
from portal.project.framing.models import TargetGroup
from portal.project.projects import policy as projects
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from tests.support import ceremonies, coaching, decisions, reviews, risks, uploads, user_tests
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.browser import words_of
from tests.support.uploads import send

SOURCE_PAGE = "/projects/heron/file/data/1"


@pytest.fixture
def place(source):
    return f"/files/of/data_source/{source.id}"


def only() -> Attachment:
    return db.session.query(Attachment).one()


def test_a_comments_files_are_its_authors_and_go_with_its_words(project, browser, browser_for, kept):
    author = make.role(project.id, Role.COACH)
    said = make.comment(project.discussion_id, author)
    place = f"/files/of/comment/{said.id}"
    assert send(browser, place, uploads.PDF, "note.pdf").status_code == 403
    coach = browser_for(author)
    project.paused_on = clock.today()  # readers comment in any state
    assert send(coach, place, uploads.PDF, "note.pdf").location == place
    filed = only()
    page = browser.visit("/projects/heron/discussions")
    assert page.select_one(f'#comment-{said.id} a[href="/files/{filed.id}"]')
    assert "Message" in words_of(browser.visit("/projects/heron/files").main)
    coach.submit(f"/comments/{said.id}/delete")
    assert kept() == 0
    browser.visit(f"/files/{filed.id}", expect=404)
    browser.visit(f"{place}", expect=404)
    assert "note.pdf" not in words_of(browser.visit("/projects/heron/files").main)


def test_an_item_takes_files_wherever_it_stands(project, browser, kept):
    item = make.item(project)
    page = f"/projects/heron/backlog/{item.number}"
    form = browser.visit(page).select_one("#files form")
    answer = send(browser, form["action"], uploads.PDF, "maquette.pdf")
    assert answer.location == f"{page}#files"
    item.gone_at = clock.now()
    assert "maquette.pdf" in words_of(browser.visit(page).select_one("#files"))
    listed = words_of(browser.visit("/projects/heron/files").main)
    assert f"Élément {item.number}" in listed


def test_a_plan_with_files_is_not_dropped(project, browser, kept):
    sprint = make.sprint(project)
    send(browser, f"/files/of/sprint/{sprint.id}", uploads.PDF, "plan.pdf")
    page = browser.submit("/projects/heron/sprints/1/drop", expect=422, form_key="d")
    assert "Des fichiers y sont joints" in words_of(page.main)


@pytest.mark.parametrize("path", ["/files/of/person/{0}", "/files/of/data_source/{0}", "/files/{0}"])
def test_what_is_not_there_takes_no_file_and_tells_nothing(project, browser, path):
    nobody = path.format(project.id)
    browser.visit(nobody, expect=404)
    if "of" in path:
        assert send(browser, nobody, uploads.CSV).status_code == 404


def test_pages_cost_the_same_whatever_they_list(project, source, browser, statements):
    author = make.person()

    def cost(path: str) -> int:
        browser.visit(path)
        statements.clear()
        browser.visit(path)
        return len(statements)

    kinds = [source, file.group(project), file.version(project), make.sprint(project)]
    file.attachment(project, source, author)
    paths = ("/projects/heron/files", SOURCE_PAGE, "/projects/heron/file/groups")
    before = [cost(path) for path in paths]
    for to in kinds * 8:
        file.attachment(project, to, author)
    file.group(project)
    assert [cost(path) for path in paths] == before
    listed = browser.visit("/projects/heron/files")
    assert len(listed.select("#files li.files__one")) == 20
    browser.visit("/projects/heron/files?page=2")
    browser.visit("/projects/heron/files?page=99")


def test_the_file_of_what_fewer_may_see_is_as_hidden(app, project, source, browser_for, monkeypatch):
    """A subject that the reader may not see: 404, not listed, not notified."""

    def coaches(actor):
        held = actor.scopes_with(projects.COACH)
        return DataSource.project_id.in_(held)

    kinds = get_subject_kinds()
    hidden = replace(kinds["data_source"], visibility=coaches)
    changed = {**kinds, "data_source": hidden}.values()
    monkeypatch.setitem(contributions._by_kind, AttachmentSubjectKind, tuple(changed))
    member = make.role(project.id, Role.TEAM_MEMBER)
    filed, place = file.attachment(project, source, member), f"/files/of/data_source/{source.id}"
    coach, agent = browser_for(make.role(project.id, Role.COACH)), browser_for(member)
    for path in (f"/files/{filed.id}", f"/files/{filed.id}/place", place):
        assert coach.open(path, method="GET").status_code in {200, 303}
        assert agent.open(path, method="GET").status_code == 404
    assert send(agent, place, uploads.PDF, "a.pdf").status_code == 404
    assert agent.open(f"/files/{filed.id}/remove", method="POST").status_code == 404
    assert "lettres.csv" in words_of(coach.visit("/projects/heron/files").main)
    assert "lettres.csv" not in words_of(agent.visit("/projects/heron/files").main)
    another = make.actor(make.role(project.id, Role.COACH))
    assert not hidden.get(another, source.id).is_in_feed


def test_each_kind_that_takes_files_can_be_found_and_called(app, project):
    file.one_of_each(project)
    sprint = make.sprint(project)
    ceremonies.demonstration(project, sprint)
    ceremonies.retrospective(project, sprint)
    make.item(project, number=1)
    round_ = user_tests.planned(project)
    user_tests.session(round_, make.person())
    user_tests.finding(round_)
    risks.mitigation(risks.risk(project))
    lead, judge = make.role(project.id, Role.TEAM_LEAD), reviews.reviewer(project)
    coaching.recommendation(project, lead)
    coaching.session(project, lead)
    decisions.decision(project)
    bound = reviews.taken(make.actor(lead), project, judge)
    reviews.condition(judge, project, bound)
    reviews.decide(judge, project, bound, ReviewState.ACCEPTED_WITH_CONDITIONS)
    actor = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    tried = set()
    with app.test_request_context():
        for kind in get_subject_kinds().values():
            if isinstance(kind, ProjectAttachmentKind):
                row = db.session.query(kind.model).filter(kind.numbered_by == 1).first()
                assert row is not None, kind.name
                found = kind.get(actor, row.id)
                assert (found.kind, found.number, found.scope_id) == (kind.name, 1, project.id)
                assert found.page.startswith("/projects/heron/")
                assert found.title == f"HERON, {kind.called(1)}"
                tried.add(kind.name)
    others = {"project", "comment", "application", "funding_agreement", "funding_change", "instalment"}
    assert tried == get_subject_kinds().keys() - others  # of all, of a discussion, a call, the money


def test_what_is_listed_says_how_many_files_it_has(project, browser):
    group = file.group(project, name="Agents")
    browser.visit("/projects/heron/file/groups")
    filed = file.attachment(project, group, make.person())
    link = browser.visit("/projects/heron/file/groups").select_one(f'a[href$="{group.id}"]')
    assert words_of(link) == "1 fichier (Agents)"
    alone = browser.visit(link["href"])
    assert words_of(alone.h1) == "Fichiers : HERON, Public 1"
    assert alone.select_one(f'a[href="/files/{filed.id}"]')
    answer = send(browser, link["href"], uploads.PDF, "a.pdf")
    assert answer.location == link["href"]  # the subject's page shows no files
    assert db.session.query(TargetGroup).count() == 1
    told = {event.action for event in db.session.query(AuditEvent)}
    assert "file.attached" in told


def test_the_page_of_all_files_says_one_number_and_is_read_again_after_one_is_joined(
    project, browser, source
):
    send(browser, f"/files/of/data_source/{source.id}", uploads.CSV, "lettres.csv")
    page = browser.visit("/projects/heron/files")
    assert "1 fichier joint" in words_of(page.main)
    assert not page.main.select("details")
    form = page.main.select_one("form:has(#file)")
    assert "hx-post" not in form.attrs
    answer = send(browser, form["action"], uploads.PDF, "note.pdf", form_key="other")
    assert answer.location == "/projects/heron/files#files"
    page = browser.visit(answer.location)
    assert "2 fichiers joints" in words_of(page.main)
    own, of_source = page.select(f"#{answer.location.partition('#')[2]} li")
    assert "note.pdf" in words_of(own)
    assert "Supprimer note.pdf" in words_of(own)
    assert "lettres.csv" in words_of(of_source)
    assert "Supprimer" not in words_of(of_source)
    assert browser.visit(SOURCE_PAGE).select_one("#files form")["hx-post"]


def test_the_page_of_all_files_reads_no_list_that_it_does_not_show(project, browser, monkeypatch):
    monkeypatch.delattr(queries, "read_subject_files_page")
    assert browser.visit("/projects/heron/files").main.select_one("form:has(#file)")


def test_a_file_that_was_refused_first_leads_to_all_files_too(project, browser):
    place = f"/files/of/project/{project.id}"
    refused = BeautifulSoup(send(browser, place, b"<html>", "note.pdf", form_key="first").text, "lxml")
    assert words_of(refused.h1) == "Fichiers : HERON"
    form = refused.main.select_one("form:has(#file)")
    assert "hx-post" not in form.attrs
    answer = send(browser, form["action"], uploads.PDF, "note.pdf", form_key="other")
    assert answer.location == "/projects/heron/files#files"
