"""Help on any day: asked in one field, it reaches the coaches, or the lead where there is none."""

from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support.browser import words_of

TEXT = "L’annotateur est parti, qui peut nous aider ?"


def test_a_team_without_any_sprint_asks_and_its_coach_finds_it(app, browser_for):
    project = make.project(slug="heron")
    coach = make.role(project.id, Role.COACH)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = member.visit("/projects/heron/help")
    assert coach.name in words_of(page.main)
    page = member.submit("/projects/heron/help", question=TEXT, due_on="", form_key="k")
    assert TEXT in words_of(page.main)
    row = db.session.query(AwaitedDecision).one()
    assert row.addressee is DecisionAddressee.COACH
    assert TEXT in words_of(browser_for(coach).visit("/to-decide").main)
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert TEXT in words_of(lead.visit("/to-decide").main)


def test_without_a_coach_the_lead_is_asked(app, browser_for):
    project = make.project(slug="heron")
    member = browser_for(make.role(project.id, Role.TEAM_LEAD))
    assert "À la direction du programme." in words_of(member.visit("/projects/heron/help").main)
    member.submit("/projects/heron/help", question=TEXT, due_on="", form_key="k")
    assert db.session.query(AwaitedDecision).one().addressee is DecisionAddressee.LEAD


def test_nothing_typed_is_said_beside_the_field(app, browser_for):
    project = make.project(make.programme(), slug="heron")
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = member.submit("/projects/heron/help", question=" ", due_on="", form_key="k", expect=422)
    assert "Écrivez ce qu’il vous faut." in words_of(page.main)
    assert not db.session.query(AwaitedDecision).count()
