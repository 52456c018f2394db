"""Each entry of a project's feed links to its subject until that is deleted."""

import pytest

from portal.collaboration.discussions import commands as discussions
from portal.ethics.readiness_sheets import commands as sheets
from portal.ethics.readiness_sheets.definition_documents import get_latest_definition
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.framing import commands as framing
from portal.sprints.prototypes import commands as prototypes
from portal.sprints.sprints import commands as sprints
from tests.project.framing.test_commands import GROUP
from tests.sprints.prototypes.test_commands import FACTS
from tests.sprints.sprints.test_commands import PLAN
from tests.support import factories as make
from tests.support.browser import words_of

HERE = "/projects/heron"


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def lead(project):
    return make.role(project.id, Role.TEAM_LEAD, make.person(name="Awa Diallo"))


def lines(browser):
    page = browser.visit(f"{HERE}/activity")
    return [
        (words_of(line).rsplit(" ", 1)[0], line.a and line.a["href"])
        for line in page.select("main > .fr-container > ul > li")
    ]


def test_lines_lead_to_what_they_are_about(project, lead, browser_for):
    actor = make.actor(lead)
    sprint = sprints.plan_sprint(actor, project, PLAN)
    there = discussions.start_thread(actor, sprint.discussion_id, "Bonjour.").comment
    discussions.start_thread(actor, project.discussion_id, "Bonjour.")
    db.session.commit()
    browser = browser_for(lead)
    browser.submit(f"{HERE}/invitations", email="nour@demo.example", role="team_member")
    told = lines(browser)
    assert told[0][1] == f"{HERE}/team"
    assert told[1][0] == "Awa Diallo a commenté, discussion du projet"
    assert told[2] == ("Awa Diallo a commenté, discussion du sprint 1", f"/comments/{there.id}")
    assert told[3] == ("Awa Diallo a planifié le sprint 1", f"{HERE}/sprints/1")
    for _line, path in told:
        browser.visit(path)


def test_lines_of_the_file_lead_to_what_its_readers_may_open(project, lead, browser_for):
    actor = make.actor(lead)
    framing.add_group(actor, project, GROUP)
    version = prototypes.release_version(actor, project, FACTS)
    sheets.begin_sheet(actor, project, get_latest_definition("security"), version)
    db.session.commit()
    coach = browser_for(make.role(project.id, Role.COACH))
    told = lines(coach)
    there = [f"{HERE}/file/{page}" for page in ("sheets/1", "prototypes/1", "groups")]
    assert [path for _line, path in told] == there
    for path in there:
        coach.visit(path)


def test_what_is_gone_is_named_without_a_link(project, lead, browser_for):
    actor = make.actor(lead)
    talk = discussions.start_thread(actor, project.discussion_id, "Bonjour.").comment
    discussions.delete_comment(actor, talk)
    sprint = sprints.plan_sprint(actor, project, PLAN)
    sprints.drop_sprint(actor, project, sprint)
    db.session.commit()
    again = sprints.plan_sprint(actor, project, PLAN)
    assert again.number == 1
    db.session.commit()
    assert lines(browser_for(lead)) == [
        ("Awa Diallo a planifié le sprint 1", f"{HERE}/sprints/1"),
        ("Awa Diallo a supprimé le sprint 1, qui n’avait pas commencé", None),
        ("Awa Diallo a planifié le sprint 1", None),
        ("Awa Diallo a supprimé un message, discussion du projet", None),
        ("Awa Diallo a commenté, discussion du projet", None),
    ]
