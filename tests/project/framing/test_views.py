from datetime import date, timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.framing.models import Assumption, AssumptionVerdict, Interview, TargetGroup
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.browser import words_of

FILE = "/projects/heron/file"
GROUP = {"name": "Les contrôleurs", "audience": "agents", "size": "40"}
BELIEF = {"statement": "Les lettres se ressemblent.", "risk": "4", "test": "En lire dix."}
HEARD = {"held_on": "2026-03-02", "people": "2", "group": "0", "learnt": "Ils lisent tout."}
LISTS = ("groups", "assumptions", "interviews", "impact")


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def browser(project, browser_for):
    return browser_for(make.role(project.id, Role.TEAM_MEMBER))


@pytest.mark.parametrize(
    ("place", "button"),
    [
        ("groups", "Ajouter le premier public"),
        ("assumptions", "Poser la première hypothèse"),
        ("interviews", "Noter le premier entretien"),
        ("impact", "Définir le premier indicateur"),
    ],
)
def test_an_empty_page_holds_the_button_that_starts_it(project, browser, browser_for, place, button):
    assert browser.visit(f"{FILE}/{place}").find("a", string=button)["href"].endswith("/new")
    coach = browser_for(make.role(project.id, Role.COACH))
    assert not coach.visit(f"{FILE}/{place}").find("a", string=button)


def test_a_member_adds_a_group_changes_it_and_leaves_it(browser):
    page = browser.submit(f"{FILE}/groups/new", **GROUP)
    assert "40 personnes" in words_of(page.main)
    page = browser.submit(f"{FILE}/groups/1", **GROUP | {"size": "", "left": "y", "version": 1})
    assert "Écarté le" in words_of(page.main)
    assert browser.visit(f"{FILE}/groups/1").select_one("[name=left][checked]")


def test_the_riskiest_open_assumption_comes_first(project, browser):
    file.assumption(project, statement="Peu risquée", risk=1)
    settled = {"verdict": AssumptionVerdict.CONFIRMED, "settled_on": date(2026, 3, 2), "result": "Oui."}
    file.assumption(project, statement="Tranchée", risk=5, **settled)
    file.assumption(project, statement="Très risquée", risk=5)
    page = browser.visit(f"{FILE}/assumptions")
    rows = [words_of(cell) for cell in page.select("tbody th .team")]
    assert rows == ["Très risquée", "Peu risquée", "Tranchée"]
    assert "2 hypothèses à trancher" in words_of(page.main)


def test_a_result_is_noted_and_shown_with_its_day(browser):
    browser.submit(f"{FILE}/assumptions/new", **BELIEF)
    page = browser.visit(f"{FILE}/assumptions/1/result")
    assert page.select_one("[name=settled_on]")["value"] == clock.today().isoformat()
    said = {"verdict": "refuted", "result": "Quatre sur dix.", "settled_on": "2026-03-09"}
    page = browser.submit(f"{FILE}/assumptions/1/result", **said, version=1)
    assert "Réfutée9 mars 2026Quatre sur dix." in words_of(page.main)
    assert "Revoir le résultat" in words_of(page.main)


def test_an_interview_with_a_number_asks_before_it_is_kept(project, browser):
    file.group(project)
    typed = HEARD | {"group": "1", "learnt": "Rappeler au 06 12 34 56 78."}
    page = browser.submit(f"{FILE}/interviews/new", expect=422, **typed)
    assert "06 12 34 56 78" in words_of(page.select_one("#knowingly-messages"))
    assert "06 12 34 56 78" in page.select_one("[name=learnt]").text
    assert db.session.query(Interview).count() == 0
    page = browser.submit(f"{FILE}/interviews/new", **typed, knowingly="y")
    assert "2 mars 2026 : Les contrôleurs" in words_of(page.main)


def test_without_a_doubt_nothing_is_asked(browser):
    assert not browser.visit(f"{FILE}/interviews/new").select("[name=knowingly]")


def test_an_interview_that_somebody_changed_meanwhile_shows_both_texts(project, browser):
    group = file.group(project)
    file.interview(project, learnt="Le premier texte.", target_group_id=group.id)
    mine = HEARD | {"learnt": "Le second texte.", "version": 9}
    page = browser.submit(f"{FILE}/interviews/1", expect=409, **mine)
    both = [words_of(part) for part in page.select(".two-texts")]
    assert any("Le second texte." in one and "Le premier texte." in one for one in both)
    assert any("Un autre public" in one and "Les contrôleurs" in one for one in both)
    version = page.select_one("[name=version]")["value"]
    page = browser.submit(f"{FILE}/interviews/1", **mine | {"version": version})
    assert "Le second texte." in words_of(page.main)


@pytest.mark.parametrize(("place", "typed"), [("groups", GROUP), ("assumptions", BELIEF)])
def test_a_stale_save_shows_both_texts(project, browser, place, typed):
    browser.submit(f"{FILE}/{place}/new", **typed)
    first = next(iter(typed))
    page = browser.submit(f"{FILE}/{place}/1", expect=409, **typed | {first: "Mien", "version": 9})
    both = words_of(page.select_one(".two-texts"))
    assert "Mien" in both
    assert typed[first] in both


@pytest.mark.parametrize(
    ("place", "typed", "model"),
    [("groups", GROUP, TargetGroup), ("assumptions", BELIEF, Assumption), ("interviews", HEARD, Interview)],
)
def test_a_double_click_makes_one(browser, place, typed, model):
    for _ in range(2):
        browser.submit(f"{FILE}/{place}/new", **typed, form_key="abc")
    assert db.session.query(model).count() == 1


@pytest.mark.parametrize(
    ("place", "typed", "given", "said"),
    [
        ("groups", GROUP, ("name", ""), "Nommez"),
        ("groups", GROUP, ("name", "x" * 121), "120"),
        ("groups", GROUP, ("audience", "martians"), ""),
        ("groups", GROUP, ("audience", ""), ""),
        ("groups", GROUP, ("size", "-1"), "entre"),
        ("groups", GROUP, ("size", "9" * 40), "entre"),
        ("groups", GROUP, ("size", "beaucoup"), "nombre"),
        ("groups", GROUP, ("access_needs", "x" * 4001), "4 000"),
        ("assumptions", BELIEF, ("risk", "6"), ""),
        ("assumptions", BELIEF, ("risk", "high"), ""),
        ("assumptions", BELIEF, ("statement", ""), "Écrivez"),
        ("interviews", HEARD, ("held_on", "2999-01-01"), "entre 2000"),
        ("interviews", HEARD, ("held_on", "demain"), "date"),
        ("interviews", HEARD, ("people", "0"), "entre"),
        ("interviews", HEARD, ("group", "7"), ""),
        ("interviews", HEARD, ("group", "x"), ""),
        ("interviews", HEARD, ("learnt", ""), "Écrivez"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(browser, place, typed, given, said):
    field, value = given
    page = browser.submit(f"{FILE}/{place}/new", expect=422, **typed | {field: value})
    messages = page.select_one(f"#{field}-messages")
    assert messages.select(".fr-message--error")
    assert said in words_of(messages)


def test_a_day_to_come_is_no_fact(browser):
    later = (clock.today() + timedelta(days=2)).isoformat()
    page = browser.submit(f"{FILE}/interviews/new", expect=422, **HEARD | {"held_on": later})
    assert "à venir" in words_of(page.select_one("#held_on-messages"))


def test_what_was_typed_as_the_project_was_paused_is_given_back(project, browser):
    project.paused_on = clock.today()
    db.session.commit()
    browser.visit(f"{FILE}/groups/new", expect=403)
    page = browser.submit(f"{FILE}/groups/new", expect=403, **GROUP)
    assert page.select_one("[name=name]")["value"] == "Les contrôleurs"
    assert "n’est pas en cours" in words_of(page.main)


@pytest.mark.parametrize("place", LISTS)
def test_a_number_that_nothing_has_is_not_found(browser, place):
    for number in ("1", "0", "9999", "10000", "99999999999999999999", "-1"):
        browser.visit(f"{FILE}/{place}/{number}", expect=404)


def test_another_team_finds_nothing(project, browser_for):
    file.one_of_each(project)
    stranger = browser_for(make.role(make.project().id, Role.TEAM_LEAD))
    for place in ("", *(f"/{one}" for one in LISTS), "/groups/1", "/impact/1"):
        stranger.visit(f"{FILE}{place}", expect=404)


def fill(project, count: int) -> None:
    for _ in range(count):
        group = file.group(project)
        file.assumption(project)
        file.interview(project, target_group_id=group.id)
        file.measurement(project, file.metric(project))


@pytest.mark.parametrize("place", [f"/{one}" for one in LISTS])
def test_a_full_page_costs_what_one_row_costs(project, browser, statements, place):
    costs = []
    for count in (1, 24):
        fill(project, count)
        browser.visit(FILE + place)
        statements.clear()
        browser.visit(FILE + place)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12, costs


@pytest.mark.parametrize("place", LISTS)
def test_a_long_list_has_pages_and_the_last_one_stands_for_those_beyond(project, browser, place):
    fill(project, 21)
    page = browser.visit(f"{FILE}/{place}?page=99")
    assert page.select_one(".fr-pagination [aria-current]").text == "2"
    assert len(page.select("tbody tr, article.note")) == 1
    assert len(browser.visit(f"{FILE}/{place}?page=-3").select("tbody tr, article.note")) == 20


@pytest.mark.parametrize("place", LISTS)
def test_htmx_gets_the_list_alone(project, browser, place):
    file.one_of_each(project)
    fragment = browser.with_htmx().visit(f"{FILE}/{place}")
    assert fragment.html is None
    assert fragment.find(id=place)


def test_the_project_says_what_its_file_holds(project, browser):
    missing = browser.visit(FILE)
    assert "Aucune hypothèse posée." in words_of(missing.main)
    file.one_of_each(project)
    for path in ("/projects/heron", FILE):
        said = words_of(browser.visit(path).main)
        assert "1 public d’agents" in said
        assert "1 hypothèse à trancher : « Les lettres se ressemblent. »" in said
        assert "1 indicateur, dont 1 avec départ et cible" in said


def test_a_reader_in_english_reads_english(project, browser_for):
    file.one_of_each(project)
    member = make.person(locale="en")
    make.role(project.id, Role.TEAM_MEMBER, member)
    said = words_of(browser_for(member).visit(f"{FILE}/assumptions").main)
    assert "1 assumption to settle" in said
