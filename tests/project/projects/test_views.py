from datetime import date
from uuid import uuid4

import pytest
import sqlalchemy as sa

from portal.app.home import facts
from portal.people.programmes.schedule_rules import suggest_support_start
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support.browser import words_of

HERE = "/projects/heron"
NEW = "/programmes/ami/projects/new"
FILE = {
    "organisation": "Office français de la biodiversité",
    "acronym": "OFB",
    "title_fr": "Cibler les contrôles",
    "title_en": "Target inspections",
    "problem": "Trop de sites.",
    "users_aimed_at": "Inspecteurs",
    "repository_url": "https://example.org/code",
    "demonstration_url": "",
    "starts_on": "2026-01-05",
    "ends_on": "2026-11-04",
}


@pytest.fixture
def programme(app):
    return make.programme(
        slug="ami", name_fr="AMI", name_en="Call", starts_on=date.fromisoformat(FILE["starts_on"])
    )


@pytest.fixture
def project(programme):
    return make.project(programme, slug="heron", title_fr="Lire", title_en="Reading")


@pytest.fixture
def lead(programme, browser_for):
    return browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))


@pytest.fixture
def member(project, browser_for):
    return browser_for(make.role(project.id, Role.TEAM_MEMBER))


# The list


def test_an_empty_list_says_what_belongs_there(browser_for):
    for person in (make.person(), make.role(make.INSTALLATION, Role.ADMINISTRATOR)):
        assert "Aucun projet ne vous est ouvert" in browser_for(person).visit("/projects").text


@pytest.mark.parametrize("page", ["", "0", "-1", "99999", "x", "9" * 30])
def test_the_list_stays_on_its_pages(programme, lead, page):
    for _ in range(26):
        make.project(programme)
    rows = lead.visit(f"/projects?page={page}").select("tbody tr")
    assert len(rows) in {25, 1}


def test_fifty_projects_cost_what_one_costs(programme, lead, statements):
    def cost() -> int:
        statements.clear()
        lead.visit("/projects")
        return len(statements)

    make.project(programme)
    cost()  # the programme of the menu is remembered
    one = cost()
    for _ in range(50):
        make.project(programme)
    cost()
    assert cost() == one


# Creating


def test_a_lead_creates_a_project_with_the_programmes_usual_values(programme, lead):
    form = lead.visit(NEW)
    assert len(form.select("[name=tracks][checked]")) == 2
    day = form.select_one("[name=starts_on]")["value"]
    assert day == suggest_support_start((programme.starts_on, programme.ends_on), clock.today()).isoformat()
    assert form.select_one("[name=ends_on]")["value"] == programme.ends_on.isoformat()
    page = lead.submit(NEW, **FILE, tracks=["technical"])
    assert words_of(page.h1) == "Équipe du projet OFB"
    assert words_of(lead.visit("/projects/ofb").h1) == "Cibler les contrôles"


def test_a_double_click_creates_one_project(programme, lead):
    for _ in range(2):
        lead.submit(NEW, **FILE, form_key="same")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Project)) == 1


BAD = [
    ("organisation", " "),
    ("organisation", "x" * 201),
    ("acronym", "x" * 41),
    ("title_fr", ""),
    ("title_en", "x" * 251),
    ("problem", "x" * 4001),
    ("users_aimed_at", "x" * 301),
    ("repository_url", "javascript:alert(1)"),
    ("repository_url", "ftp://example.org"),
    ("repository_url", "https://"),
    ("demonstration_url", "example.org"),
    ("demonstration_url", "https://[bad"),
    ("demonstration_url", "https://example.org/" + "x" * 500),
    ("starts_on", "demain"),
    ("starts_on", "1999-12-31"),
    ("ends_on", "2101-01-01"),
    ("ends_on", "2026-01-05"),
    ("ends_on", ""),
]


@pytest.mark.parametrize(("field", "typed"), BAD)
def test_a_bad_file_is_refused_beside_its_field_and_what_was_typed_is_kept(lead, field, typed):
    page = lead.submit(NEW, expect=422, **FILE | {field: typed})
    assert page.select_one(f"#{field}-messages .fr-message--error")
    other = "problem" if field != "problem" else "title_fr"
    kept = page.select_one(f"[name={other}]")
    assert (kept.get("value") or words_of(kept)) == FILE[other]
    assert not page.select("a[href^='javascript:']")


def test_a_track_that_the_programme_lacks_is_refused(lead):
    page = lead.submit(NEW, expect=422, **FILE, tracks=["scientific"])
    assert page.select_one("#tracks-messages .fr-message--error")


@pytest.mark.parametrize("role", [Role.COACH, Role.OPERATOR, Role.OBSERVER])
def test_others_of_the_programme_create_nothing(programme, browser_for, role):
    browser = browser_for(make.role(programme.id, role))
    browser.visit(NEW, expect=403)
    browser.submit(NEW, expect=403, **FILE)


def test_strangers_to_the_programme_find_nothing(programme, browser_for):
    stranger = browser_for(make.role(make.programme().id, Role.PROGRAMME_LEAD))
    stranger.visit(NEW, expect=404)
    stranger.submit(NEW, expect=404, **FILE)


# The page


@pytest.mark.parametrize("path", ["", "/edit", "/team", "/discussions", "/activity", "/state"])
def test_strangers_to_the_project_find_nothing(project, browser_for, path):
    strangers = [
        make.role(make.project().id, Role.TEAM_LEAD),
        make.role(project.programme_id, Role.OPERATOR),
        make.role(make.INSTALLATION, Role.ADMINISTRATOR),
    ]
    for person in strangers:
        browser_for(person).visit(HERE + path, expect=404)


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.COACH, Role.ETHICS_REVIEWER])
def test_readers_read_all_of_it(project, browser_for, role):
    browser = browser_for(make.role(project.id, role))
    for path in ("", "/team", "/discussions", "/activity"):
        browser.visit(HERE + path)
    browser.visit(f"{HERE}/state", expect=403)
    browser.submit(f"{HERE}/state", expect=403, move="pause")


def test_a_coach_edits_nothing(project, browser_for):
    coach = browser_for(make.role(project.id, Role.COACH))
    assert not coach.visit(HERE).find("a", string="Modifier la présentation")
    coach.visit(f"{HERE}/edit", expect=403)
    coach.submit(f"{HERE}/edit", expect=403, **FILE)


def test_the_page_answers_in_the_readers_language(project, browser_for):
    person = make.role(project.id, Role.TEAM_MEMBER, make.person(locale="en"))
    assert words_of(browser_for(person).visit(HERE).h1) == "Reading"


def test_the_page_shows_the_team_its_coaches_and_its_links(project, programme, member):
    make.role(project.id, Role.TEAM_LEAD, make.person(name="Ada Martin"), share_of_time=40)
    track = make.tracks_of(programme)["technical"]
    make.role(project.id, Role.COACH, make.person(name="Camille Roux"), track_id=track.id)
    make.role(project.id, Role.ETHICS_REVIEWER, make.person(name="Nour Petit"))
    project.repository_url = "https://example.org/code"
    page = member.visit(HERE)
    said = words_of(page.main)
    assert "Ada Martin Porteur de projet · 40 % du temps" in said
    assert "technical : Camille Roux" in said
    assert "Relecture éthique : Nour Petit" in said
    assert "noopener" in page.find("a", string="Le dépôt du code")["rel"]


def test_a_stopped_project_is_shown_with_what_it_taught(project, member):
    project.stopped_on = date(2026, 3, 2)
    project.stop_reason, project.learnings = "Sans données", "Les demander d’abord"
    said = words_of(member.visit(HERE).main)
    assert "Sans données" in said
    assert "Les demander d’abord" in said


def test_a_page_costs_the_same_whatever_the_team(project, programme, member, statements):
    def cost() -> int:
        facts.clear_cache()
        statements.clear()
        member.visit(HERE)
        return len(statements)

    cost()  # its first visit is noted
    one = cost()
    for n in range(15):
        make.role(project.id, Role.TEAM_MEMBER)
        make.comment(project.discussion_id, make.person(), f"Bonjour {n}")
    assert cost() == one


# Editing


def test_a_member_edits_the_file(member):
    page = member.submit(f"{HERE}/edit", **FILE, version=1)
    assert words_of(page.h1) == "Cibler les contrôles"


def test_a_stale_edit_shows_both_texts(member):
    member.submit(f"{HERE}/edit", **FILE | {"problem": "La première"}, version=1)
    stale = FILE | {"problem": "La seconde"}
    page = member.submit(f"{HERE}/edit", expect=409, **stale, version=1)
    assert {"La première", "La seconde"} <= {text.text for text in page.select(".two-texts .kept")}
    assert words_of(page.select_one("[name=problem]")) == "La seconde"
    assert page.select_one("[name=version]")["value"] == "2"
    member.submit(f"{HERE}/edit", **stale, version=2)


def test_a_field_that_arrives_twice_is_refused(project, member):
    data = FILE | {"version": 1, "acronym": ["A", "B"]}
    assert member.open(f"{HERE}/edit", method="POST", data=data).status_code == 422


# The state


def test_a_lead_stops_a_project_with_reason_and_learnings(project, lead):
    page = lead.submit(f"{HERE}/state", expect=422, move="stop", reason="Sans données")
    assert page.select_one("#learnings-messages .fr-message--error")
    assert words_of(page.select_one("[name=reason]")) == "Sans données"
    said = {"reason": "Sans données", "learnings": "Les demander d’abord"}
    page = lead.submit(f"{HERE}/state", move="stop", **said)
    assert "Les demander d’abord" in page.text
    assert [r["value"] for r in lead.visit(f"{HERE}/state").select("[name=move]")] == ["resume"]


@pytest.mark.parametrize("move", ["", "explode", None, "resume"])
def test_a_move_that_is_not_open_is_refused(project, lead, move):
    lead.submit(f"{HERE}/state", expect=422, move=move)


def test_pause_and_resume_are_told_in_the_feed_by_day(project, lead, member):
    lead.submit(f"{HERE}/state", move="pause")
    lead.submit(f"{HERE}/state", move="resume")
    page = member.visit(f"{HERE}/activity")
    assert len(page.select("main h2")) == 1
    assert "a repris le projet" in words_of(page.select_one("main li:not(nav li)"))


def test_the_feed_is_read_in_pages(project, lead, member):
    for n in range(16):
        lead.submit(f"{HERE}/state", move="pause", form_key=f"p{n}")
        lead.submit(f"{HERE}/state", move="resume", form_key=f"r{n}")
    page = member.visit(f"{HERE}/activity")
    older = member.visit(page.find("a", string="Voir plus ancien")["href"])
    assert len(older.select("main > .fr-container > ul li")) == 2
    assert not older.find("a", string="Voir plus ancien")


@pytest.mark.parametrize("before", ["x", "", "1", "{}"])
def test_a_page_of_the_feed_that_makes_no_sense_is_not_found(member, before):
    member.visit(f"{HERE}/activity?before={before}", expect=404)


def test_a_page_of_the_feed_before_anything_is_empty(member):
    member.visit(f"{HERE}/activity?before={uuid4()}")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_that_no_calendar_holds_are_refused_in_the_form(project, lead, day):
    sent = FILE | {"starts_on": day, "ends_on": "9999-12-31", "version": "1", "tracks": "technical"}
    for path in (f"{HERE}/edit", NEW):
        page = lead.submit(path, expect=422, **sent)
        assert "Donnez une date entre" in words_of(page.main)
