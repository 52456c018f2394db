"""A request for help is withdrawn from its form, and only the one that the form showed."""

from portal.oversight.decisions.models import AwaitedDecision
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.sprints.models import Sprint
from tests.support import coaching as clinics
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.help_requests import PATH, TEXT, ask, awaits_help, read_withdrawal


def test_a_request_is_withdrawn_from_its_form_while_nobody_has_it(app, browser_for):
    project = make.project(slug="heron")
    coach = make.role(project.id, Role.COACH)
    make.active_sprint(project)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    assert not member.visit(PATH).select("[name=withdraw]")
    ask(member)
    sent = read_withdrawal(member)
    for _twice in range(2):
        page = member.submit(PATH, **sent)
        assert "Votre demande est retirée." in words_of(page.main)
    assert not awaits_help(project)
    sprint = db.session.query(Sprint).one()
    assert (sprint.help_wanted, sprint.blocker_text) == (False, TEXT)
    history = member.visit("/projects/heron/sprints/1/history").main
    assert words_of(history).count("Demande d’aide retirée") == 1
    for path in ("/to-decide", "/projects/heron"):
        assert "M’en charger" not in words_of(browser_for(coach).visit(path).main)


def test_the_words_of_a_request_after_the_close_are_found_again_once_it_is_withdrawn(app, browser_for):
    project = make.project(slug="heron")
    make.closed_sprint(project, number=1)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    ask(member)
    member.submit(PATH, **read_withdrawal(member))
    history = words_of(member.visit("/projects/heron/sprints/1/history").main)
    assert history.count(TEXT) == 2  # asked, then withdrawn
    assert "Annotation" in history


def test_a_withdrawal_is_about_the_request_that_was_shown(app, browser_for):
    project = make.project(slug="heron")
    make.role(project.id, Role.COACH)
    first = make.closed_sprint(project, number=1, help_wanted=True, blocker_text="Les clés.")
    second = make.active_sprint(project, number=2, help_asked_at=clock.now(), blocker_text=TEXT)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    sent = read_withdrawal(member)
    for _twice in range(2):
        assert "Votre demande est retirée." in words_of(member.submit(PATH, **sent).main)
    db.session.expire_all()
    assert not second.awaits_help
    assert first.awaits_help


def test_words_that_a_colleague_completed_are_not_withdrawn_unread(app, browser_for):
    project = make.project(slug="heron")
    make.role(project.id, Role.COACH)
    sprint = make.active_sprint(project)
    member, other = (browser_for(make.role(project.id, Role.TEAM_MEMBER)) for _each in range(2))
    ask(member)
    sent = read_withdrawal(member)
    ask(other, "Deux annotateurs.", version=sent["version"])
    assert "Deux annotateurs." in words_of(member.submit(PATH, expect=409, **sent).main)
    db.session.expire_all()
    assert sprint.awaits_help


def test_words_for_a_request_that_its_coach_closed_meanwhile_do_not_go_to_another(app, browser_for):
    project = make.project(slug="heron")
    coaching = make.role(project.id, Role.COACH)
    first = make.closed_sprint(project, number=1, help_wanted=True, blocker_text="Les clés.")
    second = make.active_sprint(project, number=2)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    sent = read_withdrawal(member)
    del sent["withdraw"]
    clinic = clinics.clinic(first, coaching, closed_at=clock.now(), closed_by_id=coaching.id, outcome="Vu.")
    first.help_taken_at = first.helped_at = clinic.closed_at
    db.session.commit()
    page = member.submit(PATH, expect=409, **sent | {"blocker_text": "Les clés du lecteur."})
    assert "Les clés du lecteur." in page.select_one("[name=blocker_text]").text
    assert page.select_one("[name=sprint_number]")["value"] == "2"
    db.session.expire_all()
    assert not second.awaits_help


def test_a_form_opened_in_a_sprint_that_is_no_more_is_sent_and_withdraws_nothing(browser_for):
    project = make.project(slug="heron")
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    sent = {"blocker": "annotation", "blocker_text": TEXT, "version": 1}
    page = member.submit(PATH, **sent, withdraw="1", expect=409)
    assert "ne la demande plus" in words_of(page.main)
    assert not db.session.query(AwaitedDecision).count()
    assert "Votre demande est envoyée." in words_of(member.submit(PATH, **sent).main)
    assert db.session.query(AwaitedDecision).count() == 1
