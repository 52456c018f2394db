"""The home of each role."""

from datetime import timedelta

import pytest

from portal.collaboration.discussions.models import Mention
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.sprints.models import Blocker
from tests.support import coaching
from tests.support import factories as make
from tests.support.browser import words_of

BUDGET = 12  # statements


@pytest.fixture
def project(app):
    return make.project(organisation="Acoss", acronym="", starts_on=clock.today())


def log(project, **given):
    today = clock.today()
    dates = {"starts_on": today - timedelta(days=11), "ends_on": today}
    return make.closed_sprint(project, **dates | given)


@pytest.mark.parametrize(("locale", "said"), [("fr", "Fait. Clos "), ("en", "Fait. Closed ")])
def test_the_last_sprint_says_when_it_closed_as_a_sentence(browser_for, project, locale, said):
    log(project, closed_at=clock.now() - timedelta(days=20))
    person = make.role(project.id, Role.TEAM_MEMBER, make.person(locale=locale))
    assert said in words_of(browser_for(person).visit("/").main)


def section(page, id_: str) -> str:
    return words_of(page.select_one(f"section[aria-labelledby={id_}]"))


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.TEAM_LEAD])
def test_the_team_of_one_project_lands_in_it(browser_for, project, role):
    page = browser_for(make.holder(role, project)).visit("/")

    assert words_of(page.h1) == project.title_fr
    assert page.find("a", string="Planifier un sprint")


def test_a_member_who_also_leads_the_team_lands_there_too(browser_for, project):
    both = make.role(project.id, Role.TEAM_LEAD, make.holder(Role.TEAM_MEMBER, project))

    assert words_of(browser_for(both).visit("/").h1) == project.title_fr


def test_the_landing_says_what_to_do_now(browser_for, project):
    member = browser_for(make.holder(Role.TEAM_MEMBER, project))
    make.sprint(project, number=2)
    assert member.visit("/").find("button", string="Démarrer le sprint 2")
    make.active_sprint(project, number=1)
    page = member.visit("/")
    assert page.find("a", string="Clore le sprint 1")["href"].endswith("/sprints/1/close")
    assert "Ensuite" in words_of(page.main)


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ({"paused_on": clock.today()}, "En pause"),
        ({"finished_on": clock.today()}, "Terminé"),
        ({"stopped_on": clock.today(), "stop_reason": "r", "learnings": "l"}, "Arrêté"),
    ],
)
def test_a_project_that_rests_is_said_to_rest_and_offers_no_work(browser_for, since, said):
    project = make.project(**since)
    page = browser_for(make.holder(Role.TEAM_MEMBER, project)).visit("/")
    assert said in words_of(page.select_one(".fr-badge"))
    assert not page.find("a", string="Planifier un sprint")


def test_what_others_wrote_is_one_click_away(browser_for, project):
    person = make.holder(Role.TEAM_MEMBER, project)
    sprint = make.closed_sprint(project)
    said = make.comment(sprint.discussion_id, make.holder(Role.COACH, project))
    member = browser_for(person)
    link = member.visit("/").find("a", string=lambda text: text and "non lu" in text)
    assert link["href"] == f"/projects/{project.slug}/unread"
    page = member.visit(link["href"])
    assert page.find(id=f"comment-{said.id}")
    assert "Tous les messages sont lus." in words_of(member.visit("/").main)


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEAD, Role.OPERATOR, Role.OBSERVER])
def test_the_readers_of_one_programme_land_on_its_portfolio(browser_for, project, role):
    answer = browser_for(make.holder(role, project)).open("/")

    assert (answer.status_code, answer.location) == (303, "/portfolio")


def test_a_member_of_two_teams_chooses(browser_for, project):
    other = make.project(organisation="DGAL", acronym="")
    both = make.role(other.id, Role.TEAM_MEMBER, make.holder(Role.TEAM_MEMBER, project))

    links = browser_for(both).visit("/").select("section[aria-labelledby=own] a")

    assert [(link.text, link["href"]) for link in links] == [
        ("Acoss", f"/projects/{project.slug}/sprints"),
        ("DGAL", f"/projects/{other.slug}/sprints"),
    ]


def test_a_lead_of_two_programmes_chooses(browser_for, project):
    newer = make.programme(name_fr="AMI IA 2019")
    lead = make.role(newer.id, Role.PROGRAMME_LEAD, make.holder(Role.PROGRAMME_LEAD, project))
    log(project, help_wanted=True)

    page = browser_for(lead).visit("/")

    links = [link["href"] for link in page.select("section[aria-labelledby=portfolios] a")]
    assert len(links) == 2
    assert f"/portfolio?programme={newer.slug}" in links
    told = section(page, "portfolios")
    assert "AMI IA 2019 : aucune équipe, mois " in told
    assert " sur 10 (aucune équipe à aider)" in told
    assert "(une équipe à aider : Acoss)" in told
    assert "Acoss : Aide demandée" in section(page, "help")


def test_a_coach_sees_the_most_urgent_team_first_and_who_asks_for_help(browser_for, project):
    coach = make.holder(Role.COACH, project)
    log(project)
    urgent = make.project(organisation="Urgente", acronym="", starts_on=clock.today())
    make.role(urgent.id, Role.COACH, coach)
    log(urgent, help_wanted=True, blocker=Blocker.DATA_ACCESS, number=3)
    make.project(organisation="Étrangère", acronym="")
    make.comment(project.discussion_id, make.person())

    page = browser_for(coach).visit("/")

    names = [tag.text for tag in page.select("section[aria-labelledby=coached] .team")]
    assert names == ["Urgente", "Acoss"]
    assert "Urgente : attend depuis aujourd’hui. Personne ne l’a encore prise. Accès aux données." in section(
        page, "help"
    )
    assert page.select_one("#help + ul a")["href"] == f"/projects/{urgent.slug}/clinics/3"
    assert "1 message non lu" in section(page, "coached")


def test_a_lead_reads_who_waits_for_help_until_a_coach_takes_it(browser_for, project):
    lead = make.role(make.programme().id, Role.PROGRAMME_LEAD)
    make.role(project.programme_id, Role.PROGRAMME_LEAD, lead)
    sprint = coaching.asking(project)
    browser = browser_for(lead)
    assert "Acoss" in section(browser.visit("/"), "help")
    coaching.clinic(sprint, make.role(project.id, Role.COACH))
    assert not browser.visit("/").select("#help")


def test_a_coach_without_a_team_learns_who_assigns_one(browser_for, project):
    coach = make.role(project.programme_id, Role.COACH)

    page = browser_for(coach).visit("/")

    assert "La direction de programme affecte les coachs" in section(page, "coached")
    assert "Acoss" not in page.text


def test_a_reviewer_finds_the_projects_to_review_or_who_assigns_them(browser_for, project):
    assigned = browser_for(make.holder(Role.ETHICS_REVIEWER, project)).visit("/")
    waiting = browser_for(make.role(project.programme_id, Role.ETHICS_REVIEWER)).visit("/")

    link = assigned.select_one("section[aria-labelledby=reviewed] a")
    assert (link.text, link["href"]) == ("Acoss", f"/projects/{project.slug}")
    assert "La direction de programme désigne qui relit" in section(waiting, "reviewed")
    assert "Acoss" not in waiting.text


def test_a_juror_learns_what_will_come(browser_for, project):
    page = browser_for(make.holder(Role.JUROR, project)).visit("/")

    assert "Aucun dossier à noter" in section(page, "jury")
    assert "Acoss" not in page.text


def test_an_administrator_sees_the_installation_and_no_content(browser_for, project):
    page = browser_for(make.holder(Role.ADMINISTRATOR, project)).visit("/")

    assert "1 programme Voir les programmes" in section(page, "installation")
    assert page.select_one("section[aria-labelledby=installation] a[href='/programmes']")
    assert "Acoss" not in page.text


def test_only_people_who_can_sign_in_are_counted(browser_for, project):
    for given in ({"password_hash": "x"}, {"password_hash": "x"}, {}):
        make.person(**given)
    make.person(password_hash="x", disabled_at=clock.now())

    page = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR)).visit("/")

    assert "2 personnes peuvent se connecter" in section(page, "installation")


def test_an_empty_installation_tells_the_administrator_the_next_step(browser_for, app):
    page = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR)).visit("/")

    assert page.select_one("section[aria-labelledby=installation] a.fr-btn")["href"] == ("/programmes/new")


def test_someone_without_a_role_is_told_whom_to_ask(browser_for, app):
    page = browser_for(make.person()).visit("/")

    assert "Demandez-le à la direction de votre programme." in words_of(page.select_one(".empty"))


def test_several_roles_have_a_section_each(browser_for, project):
    person = make.holder(Role.COACH, project)
    elsewhere = make.project(organisation="DGAL", acronym="")
    make.role(elsewhere.id, Role.TEAM_MEMBER, person)
    make.role(elsewhere.programme_id, Role.JUROR, person)
    make.role(project.programme_id, Role.OBSERVER, person)

    page = browser_for(person).visit("/")

    shown = [tag["aria-labelledby"] for tag in page.select("main section")]
    assert shown == ["coached", "own", "portfolios", "jury", "mentions"]


def test_citations_lead_to_the_comment_while_one_may_read_it(browser_for, project):
    coach = make.holder(Role.COACH, project)
    author = make.holder(Role.TEAM_LEAD, project)
    comment = make.comment(project.discussion_id, author, body="@coach")
    hidden = make.comment(make.project().discussion_id, author, body="@coach")
    for cited in (comment, hidden):
        db.session.add(Mention(comment_id=cited.id, person_id=coach.id))
    db.session.commit()

    page = browser_for(coach).visit("/")

    links = page.select("section[aria-labelledby=mentions] a")
    assert [link["href"] for link in links] == [f"/comments/{comment.id}"]
    assert author.name in section(page, "mentions")
    assert project.short_name in section(page, "mentions")


def test_strangers_sign_in_first(browser_for, app):
    assert browser_for(None).open("/").location.startswith("/sign-in")


def test_twenty_teams_cost_a_coach_what_one_costs(browser_for, project, statements):
    coach = make.holder(Role.COACH, project)
    browser = browser_for(coach)
    costs = []
    for more in (0, 19):
        for _ in range(more):
            make.role(make.project().id, Role.COACH, coach)
        browser.visit("/")
        statements.clear()
        browser.visit("/")
        costs.append(len([sql for sql in statements if sql.startswith(("SELECT", "WITH"))]))
    assert costs[0] == costs[1]
    assert costs[1] <= BUDGET
