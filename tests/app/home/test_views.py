"""Where each role lands, and the lists of landing pages."""

import pytest

from portal.ethics.rereviews.models import TriggerAnswer
from portal.oversight.gates import commands
from portal.oversight.gates.to_decide_labels import list_lines
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.months import months_after
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import gates, rereviews, reviews
from tests.support.browser import words_of

BUDGET = 12  # statements
LAST_GATE = 11  # which the direction accepts
LANDINGS = {
    Role.PROGRAMME_LEAD: "/portfolio",
    Role.COACH: "/portfolio",
    Role.OBSERVER: "/portfolio",
    Role.OPERATOR: "/funding",
    Role.ETHICS_REVIEWER: "/reviews",
    Role.ADMINISTRATOR: "/administration",
}


@pytest.fixture
def project(app):
    return make.project(slug="heron", organisation="Acoss", acronym="")


@pytest.mark.parametrize(("role", "path"), LANDINGS.items())
def test_each_role_lands_where_its_work_waits(browser_for, project, role, path):
    browser = browser_for(make.holder(role, project))
    answer = browser.open("/")
    assert (answer.status_code, answer.location) == (303, path)
    assert browser.open(path).status_code == 200


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.TEAM_LEAD])
def test_the_team_of_one_project_lands_on_its_page(browser_for, project, role):
    assert browser_for(make.holder(role, project)).open("/").location == "/projects/heron"


def test_a_member_who_also_leads_the_team_lands_there_too(browser_for, project):
    both = make.role(project.id, Role.TEAM_LEAD, make.holder(Role.TEAM_MEMBER, project))
    assert browser_for(both).open("/").location == "/projects/heron"


def test_a_member_of_two_teams_chooses(browser_for, project):
    other = make.project(slug="ibis", organisation="DGAL", acronym="")
    both = make.role(other.id, Role.TEAM_MEMBER, make.holder(Role.TEAM_MEMBER, project))
    links = browser_for(both).visit("/").select("main a.team")
    assert [(link.text, link["href"]) for link in links] == [
        ("Acoss", "/projects/heron"),
        ("DGAL", "/projects/ibis"),
    ]


def test_a_reviewer_finds_the_reviews_that_wait_or_who_assigns_projects(browser_for, project):
    reviewer = make.holder(Role.ETHICS_REVIEWER, project)
    lead = make.actor(make.holder(Role.TEAM_LEAD, project))
    review = reviews.submitted(lead, project, reviewer)
    page = browser_for(reviewer).visit("/")
    (link,) = page.select(".todo a")
    assert link["href"] == f"/projects/heron/reviews/{review.number}"
    assert "1 revue vous attend." in words_of(page.main)
    register = f"/programmes/{get_programme_of(project).slug}/reviews"
    pooled = browser_for(make.role(project.programme_id, Role.ETHICS_REVIEWER)).visit("/")
    assert "La direction de programme vous confiera la relecture" in words_of(pooled.main)
    assert [link["href"] for link in pooled.select("main li a")] == [register]
    assert "Acoss" not in pooled.text


def test_a_reviewer_finds_the_gates_that_wait_for_their_answer(browser_for, project):
    reviewer = make.holder(Role.ETHICS_REVIEWER, project)
    browser = browser_for(reviewer)
    assert not browser.visit("/reviews").select(".todo a")
    commands.declare_gate(make.actor(make.holder(Role.TEAM_LEAD, project)), project, 3)
    db.session.commit()
    page = browser.visit("/reviews")
    assert "1 jalon attend votre réponse" in words_of(page.main)
    assert [link["href"] for link in page.select(".todo a")] == ["/projects/heron/gates/3"]


def test_a_reviewer_who_also_coaches_finds_the_gates_of_reviewers_alone(browser_for, project):
    reviewer = make.holder(Role.ETHICS_REVIEWER, project)
    coached = make.project(slug="ibis", organisation="DGAL", acronym="")
    gates.coach(coached, person=reviewer)
    make.role(project.programme_id, Role.PROGRAMME_LEAD, reviewer)
    for each, numbers in ((project, (3, LAST_GATE)), (coached, (gates.PROTOTYPE,))):
        lead = make.actor(make.holder(Role.TEAM_LEAD, each))
        for number in numbers:
            commands.declare_gate(lead, each, number)
    db.session.commit()
    own = [line.path for line in list_lines(make.actor(reviewer)) if line.is_own]
    assert len(own) == 3, "in all their roles"
    page = browser_for(reviewer).visit("/reviews")
    assert [link["href"] for link in page.select(".todo a")] == ["/projects/heron/gates/3"]


def test_a_reviewer_finds_what_is_to_be_looked_at_again(browser_for, project):
    reviewer = make.holder(Role.ETHICS_REVIEWER, project)
    browser = browser_for(reviewer)
    assert "Aucun réexamen ne vous attend" in words_of(browser.visit("/rereviews").main)
    answered = {"because": "b", "answered_at": clock.now(), "answered_by_id": make.person().id}
    about = rereviews.standing(project, reviewer)
    trigger = rereviews.trigger(project, about, answer=TriggerAnswer.NO_IMPACT, **answered)
    (link,) = browser.visit("/rereviews").select(".todo a")
    assert link["href"] == f"/projects/heron/reviews/triggers/{trigger.number}"


def test_the_documents_of_a_programme_are_named_to_who_may_read_them(browser_for, project):
    slug = get_programme_of(project).slug
    documents = {}
    for role in (Role.PROGRAMME_LEAD, Role.OBSERVER, Role.OPERATOR):
        browser = browser_for(make.holder(role, project))
        links = [link["href"] for link in browser.visit("/reports").select("main li a")]
        assert all(browser.open(link).status_code == 200 for link in links)
        documents[role] = {link.rsplit("/", 1)[1] for link in links if slug in link}
    everything = {"packs", "committees", "test-reports", "reviews", "report", "exports"}
    assert documents[Role.PROGRAMME_LEAD] == documents[Role.OBSERVER] == everything
    assert documents[Role.OPERATOR] == {"packs", "committees", "report", "exports"}


def test_a_juror_lands_on_their_applications_and_learns_what_will_come(browser_for, project):
    page = browser_for(make.holder(Role.JUROR, project)).visit("/")
    assert "Aucune candidature pour l’instant" in words_of(page.main)
    assert "Acoss" not in page.text


def test_an_empty_installation_tells_the_administrator_the_next_step(browser_for, app):
    page = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR)).visit("/")
    assert page.select_one("main a.fr-btn")["href"] == "/programmes/new"


def test_someone_without_a_role_is_told_whom_to_ask(browser_for, app):
    page = browser_for(make.person()).visit("/")
    assert "demandez-le à la direction de votre programme" in words_of(page.select_one(".empty"))


def test_strangers_sign_in_first(browser_for, app):
    assert browser_for(None).open("/").location.startswith("/sign-in")


@pytest.mark.parametrize("path", ["/projects/heron", "/inbox"])
def test_the_frame_costs_the_same_with_twenty_teams(browser_for, project, statements, path):
    coach = make.holder(Role.COACH, project)
    browser = browser_for(coach)
    costs = []
    for more in (0, 19):
        for _ in range(more):
            make.role(make.project().id, Role.COACH, coach)
        browser.visit(path)
        statements.clear()
        browser.visit(path)
        costs.append(len([sql for sql in statements if sql.startswith(("SELECT", "WITH"))]))
    assert costs[0] == costs[1]
    assert costs[1] <= BUDGET


def test_the_month_of_a_project_that_began_late_is_its_own(browser_for):
    """Its gates count from its own start."""
    today = clock.today()
    programme = make.programme(slug="ami", starts_on=months_after(today, -4), months=10)
    late = make.project(programme, slug="tard", starts_on=today, ends_on=programme.ends_on)
    main = browser_for(make.role(late.id, Role.TEAM_LEAD)).visit("/projects/tard").main
    assert "mois 1 sur 6" in words_of(main)
