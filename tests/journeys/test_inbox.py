"""Browser test: the inbox is a line a thing, by project, and a project's are marked as read together."""

import pytest
from playwright.sync_api import expect

from portal.communication.notifications.models import Notification
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.project.projects.models import Project
from tests.journeys.windows import in_every_window
from tests.support import factories as make

pytestmark = pytest.mark.browser
HEIGHTS = "rows => rows.map(row => row.getBoundingClientRect().height)"
LINE, TWO_LINES = 56, 60  # px


def notify(portal, team):
    """Three things in the team's project and two in another."""
    with portal.app.app_context():
        agent = db.session.query(Person).filter_by(email=team.agent).one()
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        other = make.project(acronym=f"Autre {team.slug}", slug=f"autre-{team.slug}")
        make.role(other.id, Role.TEAM_MEMBER, agent)
        for place in (project, project, project, other, other):
            row = Notification(
                person_id=agent.id,
                fact_id=new_id(),
                created_at=clock.now(),
                kind="project_state",
                action="project.resumed",
                scope_id=place.id,
                around_id=place.programme_id,
                subject="project",
                subject_id=place.id,
                group_id=new_id(),
                facts={},
                due_at=clock.now(),
            )
            db.session.add(row)
        db.session.commit()


@in_every_window
def test_a_line_a_thing_and_a_project_read_at_once(portal, visitor, team, width, script):
    notify(portal, team)
    agent = visitor(width, script=script)
    agent.enter(team.agent, "/inbox")
    lines = agent.page.locator(".news__item")
    expect(lines).to_have_count(5)
    assert max(lines.evaluate_all(HEIGHTS)) <= (LINE if width >= 1280 else TWO_LINES)
    agent.finds_no_fault()
    other = agent.page.locator(".news", has_text=f"Autre {team.slug}")
    button = other.get_by_role("button", name="Marquer 2 notifications comme lues")
    button.dblclick() if script else button.click()
    agent.sees("2 notifications marquées comme lues")
    reads_by_key = script and width >= 1280
    if reads_by_key:  # pressed by key, what had the focus hands it to the nearest control that is still there
        agent.page.get_by_role("button", name="C’est lu").last.focus()
        agent.page.keyboard.press("Enter")
        expect(agent.page.locator(".news__item--new")).to_have_count(2)
        expect(agent.page.locator(".news__item summary:focus")).to_be_in_viewport()
    expect(agent.page.locator(".news__item--new")).to_have_count(2 if reads_by_key else 3)
    expect(other.locator(".news__item--new")).to_have_count(0)
    agent.page.get_by_role("button", name="Tout marquer comme lu").click()
    agent.sees(f"{2 if reads_by_key else 3} notifications marquées comme lues")
    expect(agent.page.locator(".news__item--new")).to_have_count(0)
    agent.go("/profile")
    agent.follow("Choisir ce qui me prévient")
    expect(agent.page.get_by_label("Quelqu’un me mentionne")).to_be_hidden()
    agent.page.get_by_label("Les dates qui approchent").select_option("never")
    agent.press("Enregistrer mes choix")
    agent.sees("Vos choix sont enregistrés")
    agent.finds_no_fault()
