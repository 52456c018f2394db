"""The guided start of a new project: steps that tick themselves, whose turn it is, one button."""

from datetime import timedelta

import pytest

from portal.app.home import facts
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import coaching, gates, health, project_file
from tests.support import factories as make
from tests.support.browser import words_of

HERE = "/projects/acoss"


@pytest.fixture
def project(app):
    return make.project(organisation="Acoss", acronym="", starts_on=clock.today(), slug="acoss")


def steps_of(page) -> dict[str, tuple[str, str]]:
    """Title → (state, whose turn) of each step."""
    steps = {}
    for line in page.select(".tick > li"):
        text = line.select_one(".todo__text b, .todo__text > a") or line.select_one(".todo__text")
        title = text.get_text("|", strip=True).replace("\xa0", " ").removeprefix("Fait :|")
        whose = line.select_one(".whose")
        state = (line.get("class") or ["to do"])[0]
        steps[title.split("|")[0]] = (state, words_of(whose) if whose else "")
    return steps


def test_a_new_project_says_whose_turn_it_is(browser_for, project):
    page = browser_for(make.holder(Role.TEAM_LEAD, project)).visit(HERE)
    assert words_of(page.select_one("#start")) == "Bien démarrer : 1 étape sur 11"
    steps = steps_of(page)
    assert steps["Le projet est ouvert"] == ("done", "")
    assert steps["Un coach suit chaque volet"] == ("to do", "À la direction")
    assert steps["Inviter l’équipe"] == ("now", "À vous")
    assert steps["Tenir la première séance d’accompagnement"] == ("to do", "Au coach")
    assert steps["Planifier le premier sprint"] == ("to do", "À vous")
    assert [words_of(button) for button in page.select("main .tick .fr-btn")] == ["Inviter quelqu’un"]
    assert not page.select(".page-head .fr-btn")


def test_the_button_is_the_readers_own(browser_for, project):
    lead = browser_for(make.holder(Role.PROGRAMME_LEAD, project)).visit(HERE)
    assert words_of(lead.select_one(".tick .now b")) == "Un coach suit chaque volet"
    assert words_of(lead.select_one(".tick .fr-btn")) == "Affecter un coach"
    member = browser_for(make.holder(Role.TEAM_MEMBER, project)).visit(HERE)
    assert words_of(member.select_one(".tick .now b")) == "Dire le problème en trois phrases"


def test_the_first_session_is_the_coachs_own(browser_for, project):
    coach = browser_for(make.holder(Role.COACH, project))
    page = coach.visit(HERE)
    assert steps_of(page)["Tenir la première séance d’accompagnement"] == ("now", "À vous")
    button = page.select_one("main .tick .fr-btn")
    assert words_of(button) == "Noter la séance"
    assert coach.visit(button["href"]).select_one("[name=held_on]")
    assert "Au coach" not in words_of(coach.visit(f"{HERE}/coaching/prepare").main)
    assert "Au coach" not in words_of(coach.visit(f"{HERE}/gates").main)
    lead = browser_for(make.holder(Role.PROGRAMME_LEAD, project)).visit(HERE)
    assert steps_of(lead)["Tenir la première séance d’accompagnement"] == ("to do", "Au coach")


def test_before_the_first_day_the_first_session_is_not_offered_and_says_from_when(browser_for, app):
    first = clock.today() + timedelta(days=7)
    programme = make.programme(starts_on=first)
    later = make.project(programme, starts_on=first, slug="acoss")
    coach = browser_for(make.holder(Role.COACH, later))
    page = coach.visit(HERE)
    assert "Elle se note à partir du" in words_of(page.select_one(".tick"))
    search = "/search?project=acoss&q=Noter une séance"
    for path in (HERE, f"{HERE}/coaching", f"{HERE}/coaching/prepare", "/coaching", search):
        assert not coach.visit(path).select(f"a[href='{HERE}/coaching/new']"), path
    refused = coach.open(f"{HERE}/coaching/new")
    assert refused.status_code == 403
    assert "Une séance se note à partir du" in refused.text


def test_a_session_without_minutes_is_completed_rather_than_logged_again(browser_for, project):
    who = make.holder(Role.COACH, project)
    session = coaching.session(project, who, minutes="")
    coach = browser_for(who)
    button = coach.visit(HERE).select_one("main .tick .fr-btn")
    assert words_of(button) == "Écrire le compte rendu"
    assert button["href"] == f"{HERE}/coaching/{session.number}"
    assert "Aucun compte rendu n’est encore écrit." in words_of(coach.visit(button["href"]).main)
    desk = words_of(coach.visit("/coaching").main)
    assert "Aucune séance avec un compte rendu" in desk
    preparing = words_of(coach.visit(f"{HERE}/coaching/prepare").main)
    assert "Aucune séance n’a encore de compte rendu ni de décision" in preparing
    gates.judged(project)
    reason = "Aucune séance d’accompagnement n’a encore de compte rendu ni de décision."
    assert reason in words_of(coach.visit(f"{HERE}/gates/0").main)


def test_the_steps_that_need_people_lead_to_their_forms(browser_for, project):
    lead = browser_for(make.holder(Role.PROGRAMME_LEAD, project))
    button = lead.visit(HERE).select_one(".tick .fr-btn")
    assert button["href"] == f"{HERE}/team#coach"
    assert lead.visit(button["href"]).select_one("#coach")
    carrier = browser_for(make.holder(Role.TEAM_LEAD, project))
    button = carrier.visit(HERE).select_one(".tick .fr-btn")
    assert button["href"] == f"{HERE}/team#invite"
    assert carrier.visit(button["href"]).select_one("#invite")


def test_steps_tick_themselves(browser_for, project):
    lead = make.holder(Role.TEAM_LEAD, project)
    browser = browser_for(lead)
    project.problem = "Trop de sites."
    coach = make.holder(Role.COACH, project)
    coaching.session(project, coach)
    make.sprint(project, number=1)
    done = {title for title, (state, _whose) in steps_of(browser.visit(HERE)).items() if state == "done"}
    assert {
        "Le projet est ouvert",
        "Dire le problème en trois phrases",
        "Tenir la première séance d’accompagnement",
        "Planifier le premier sprint",
    } <= done


def test_the_first_sprint_is_seen_started_and_closed_while_steps_stand(browser_for, project):
    who = make.holder(Role.TEAM_LEAD, project)
    sprint, browser = make.active_sprint(project, number=1), browser_for(who)
    sprint.started_at = None
    db.session.commit()
    page = browser.visit(HERE)
    assert steps_of(page)["Démarrer le premier sprint"] == ("to do", "À vous")
    assert "Sprint 1" in words_of(page.select_one("section[aria-labelledby=sprint]"))
    assert "Démarrer le sprint 1" in words_of(page.select_one(".page-head"))
    assert not page.select(".tick .fr-btn:not(.fr-btn--secondary)")
    make.item(project, sprint, title="Lire les fiches")
    sprint.started_at, sprint.ends_on = clock.now(), clock.today() + timedelta(days=2)
    db.session.commit()
    facts.clear_cache()
    page = browser.visit(HERE)
    assert steps_of(page)["Démarrer le premier sprint"] == ("done", "")
    assert "Lire les fiches" in words_of(page.select_one("section[aria-labelledby=sprint]"))
    assert "Clore le sprint 1" in words_of(page.select_one(".page-head"))


def test_the_start_is_over_with_the_first_sprint(browser_for, project):
    browser = browser_for(make.holder(Role.TEAM_MEMBER, project))
    assert browser.visit(HERE).select_one("#start")
    make.closed_sprint(project)
    page = browser.visit(HERE)
    assert not page.select_one("#start")
    assert page.select_one("#yours")
    gates.judged(project)
    health.known(project)
    carrier = browser_for(make.holder(Role.TEAM_LEAD, project)).visit(HERE)
    lines = [words_of(line) for line in carrier.select("section[aria-labelledby=yours] .todo > li")]
    named = next(line for line in lines if "Aucun sponsor" in line)
    assert "manque au jalon G0" in named
    assert "Aucun sponsor" not in words_of(carrier.select_one("section[aria-labelledby=progress]"))
    assert "Rien n’attend l’équipe" not in words_of(page.select_one("section[aria-labelledby=yours]"))


def test_a_full_start_costs_what_an_empty_one_costs(browser_for, project, statements):
    browser, costs = browser_for(make.holder(Role.TEAM_LEAD, project)), []
    browser.visit(HERE)
    for more in (0, 20):
        for _ in range(more):
            project_file.assumption(project)
            make.role(project.id, Role.TEAM_MEMBER)
        facts.clear_cache()
        statements.clear()
        browser.visit(HERE)
        costs.append(len([sql for sql in statements if sql.startswith(("SELECT", "WITH"))]))
    assert costs[0] == costs[1]


def test_a_project_that_begins_later_is_not_said_to_be_supported_already(browser_for, project):
    project.starts_on = clock.today() + timedelta(days=3)
    db.session.commit()
    page = browser_for(make.holder(Role.TEAM_LEAD, project)).visit(HERE)
    assert "Accompagné à partir du" in words_of(page.select_one(".tick"))
    assert "Accompagné depuis" not in words_of(page.select_one(".tick"))
