"""A stopped project resumes with a reason; its page keeps why it had stopped, and what was learnt."""

from datetime import date

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support.browser import words_of

STATE = "/projects/heron/state"


def test_a_stopped_project_resumes_with_a_reason(app, browser_for):
    project = make.project(slug="heron")
    project.stopped_on, project.stop_reason = date(2026, 3, 2), "Sans données"
    project.learnings = "Les demander d’abord"
    db.session.commit()
    browser = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert "une convention close et ses tranches ne se rouvrent pas" in words_of(browser.visit(STATE).main)
    page = browser.submit(STATE, expect=422, move="resume", reason="")
    assert page.select_one("#reason-messages .fr-message--error")
    page = browser.submit(STATE, move="resume", reason="Les données sont là")
    assert "Pourquoi il s’était arrêté : Sans données" in words_of(page.main).replace("\xa0", " ")
    page = browser.visit(STATE)
    assert words_of(page.select_one("[name=learnings]")) == "Les demander d’abord"
    assert not words_of(page.select_one("[name=reason]"))
