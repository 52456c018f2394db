from datetime import date

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.sprints.sprints import labels, policy
from portal.sprints.sprints.models import BlockerKind, Sprint, SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.support import factories as make
from tests.support.browser import words_of

BOARD = "/projects/heron/sprints"
PLAN = {"goal": "Lire 100 lettres", "starts_on": "2026-03-02", "ends_on": "2026-03-13"}
CLOSE = {"outcome": "met", "summary": "100 lettres lues.", "blocker": "none", "version": 1}


def test_an_empty_board_says_what_to_do_next(browser):
    page = browser.visit(BOARD)
    assert page.find("a", string="Planifier le premier sprint")["href"] == f"{BOARD}/plan"


def test_a_member_plans_starts_and_closes(browser):
    page = browser.submit(f"{BOARD}/plan", **PLAN)
    assert words_of(page.h1) == "Sprint 1 : Lire 100 lettres"
    assert page.find("a", string="Démarrer le sprint")["href"] == f"{BOARD}/1/start"
    page = browser.submit(f"{BOARD}/1/start")
    assert words_of(page.h1) == "Démarrer le sprint 1 aujourd’hui ?"  # not the planned day
    assert "Il était prévu du 2 mars 2026 au 13 mars 2026" in words_of(page.main)
    page = browser.submit(f"{BOARD}/1/start", ends_on=clock.today().isoformat())
    assert page.find("a", string="Clore le sprint 1")
    page = browser.submit(f"{BOARD}/1/close", **CLOSE | {"version": 2})
    assert "Planifier le suivant" in words_of(page.select_one(".page-head"))
    assert "100 lettres lues." in page.text
    assert "But atteint" in page.text


def test_the_close_is_filled_in_from_the_last_one(project, browser):
    make.closed_sprint(
        project,
        indicator="Rappel",
        indicator_after=0.61,
        test_set_size=120,
        blocker=BlockerKind.ANNOTATION,
        outlook=OutlookLevel.CLOUDY,
        summary="Ne revient pas.",
    )
    make.active_sprint(project, number=2)
    page = browser.visit(f"{BOARD}/2/close")
    value = {field["name"]: field.get("value") for field in page.select("main input")}
    assert value["indicator"] == "Rappel"
    assert value["indicator_before"] == "0,61"
    assert not value["indicator_after"]
    assert value["test_set_size"] == "120"
    assert not value["summary"]
    assert page.select_one("[name=blocker] [selected]")["value"] == "annotation"
    assert not page.select("[name=outlook][checked]")
    assert not page.select("[name=outcome][checked]")


def test_nothing_to_report_is_one_click(project, browser):
    make.active_sprint(project)
    page = browser.submit(f"{BOARD}/1/close", **CLOSE | {"summary": "", "nothing": "1"})
    assert "Rien à signaler." in page.text


def test_a_close_without_its_two_answers_is_given_back_with_what_was_typed(project, browser):
    make.active_sprint(project)
    typed = {"blocker": "it", "learnt": "Les serres ressemblent à des hangars.", "version": 1}
    page = browser.submit(f"{BOARD}/1/close", expect=422, **typed)
    assert "Dites si le but est atteint." in words_of(page.select_one("#outcome-messages"))
    assert page.select_one("[name=learnt]").text.strip() == typed["learnt"]
    assert page.select_one("[name=blocker] [selected]")["value"] == "it"
    links = {link["href"]: words_of(link) for link in page.select(".error-summary a")}
    assert list(links) == ["#outcome-0", "#summary"]
    assert links["#outcome-0"] == "Le but est-il atteint ? Dites si le but est atteint."
    assert "Écrivez une ligne" in words_of(page.select_one("#summary-messages"))
    assert db.session.query(Sprint).one().closed_at is None


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("indicator_after", "beaucoup", "Écrivez un nombre"),
        ("indicator_after", "1e400", "entre"),
        ("indicator_after", "nan", "entre"),
        ("test_set_size", "-3", "entre"),
        ("test_set_size", "9" * 40, "entre"),
        ("shown_link", "javascript:alert(1)", "https://"),
        ("shown_link", "https://", "https://"),
        ("shown_link", "http://[", "https://"),
        ("shown_link", "https://a.example:99999/", "https://"),
        ("summary", "x" * 201, "200"),
        ("outlook", "hail", ""),
        ("blocker", "dragon", ""),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(project, browser, field, typed, said):
    make.active_sprint(project)
    page = browser.submit(f"{BOARD}/1/close", expect=422, **CLOSE | {field: typed})
    messages = page.select_one(f"#{field}-messages")
    assert messages.select(".fr-message--error")
    assert said in words_of(messages)


@pytest.mark.parametrize("field", ["version", "form_key"])
def test_what_a_form_carries_arrives_once_too(project, browser, field):
    make.active_sprint(project)
    page = browser.submit(f"{BOARD}/1/close", expect=422, **CLOSE | {field: ["1", "2"]})
    assert "plusieurs fois" in words_of(page.select_one(".error-summary"))
    assert db.session.query(Sprint).one().closed_at is None


def test_a_field_that_arrives_twice_is_refused(project, browser):
    make.active_sprint(project)
    page = browser.submit(f"{BOARD}/1/close", expect=422, **CLOSE | {"summary": ["a", "b"]})
    assert "plusieurs fois" in words_of(page.select_one("#summary-messages"))


def test_a_comma_and_a_point_are_the_same_number(project, browser):
    make.active_sprint(project)
    given = {"indicator": "Rappel", "indicator_before": "0,48", "indicator_after": "0.61"}
    page = browser.submit(f"{BOARD}/1/close", **CLOSE | given)
    assert "de 0,48 à 0,61" in words_of(page.main)


def test_a_draft_is_kept_for_the_team_alone(project, browser, browser_for):
    make.active_sprint(project)
    draft = {"summary": "À moitié fait", "blocker": "none", "version": 1}
    page = browser.submit(f"{BOARD}/1/draft", **draft)
    assert page.select_one("[name=summary]")["value"] == "À moitié fait"
    assert browser.visit(f"{BOARD}/1/close").select_one("[name=summary]")["value"] == draft["summary"]
    coach = browser_for(make.role(project.id, Role.COACH))
    for path in (BOARD, f"{BOARD}/1", f"{BOARD}/1/history"):
        assert "À moitié fait" not in coach.visit(path).text
    assert db.session.query(Sprint).one().closed_at is None


def test_two_members_who_close_at_once_see_both_texts(project, browser):
    make.active_sprint(project)
    browser.submit(f"{BOARD}/1/draft", summary="Texte du premier", blocker="none", version=1)
    page = browser.submit(f"{BOARD}/1/close", expect=409, **CLOSE | {"summary": "Texte du second"})
    both = page.select_one(".two-texts[aria-label^='En une ligne']").text
    assert "Texte du premier" in both
    assert "Texte du second" in both
    version = page.select_one("[name=version]")["value"]
    page = browser.submit(f"{BOARD}/1/close", **CLOSE | {"summary": "Texte du second", "version": version})
    assert "Texte du second" in page.text


def test_a_log_is_mended_and_its_history_shows_before_and_after(project, browser):
    make.closed_sprint(project, summary="60 lettres", outcome=SprintOutcome.MISSED)
    browser.submit(f"{BOARD}/1/log", **CLOSE | {"summary": "62 lettres"})
    page = browser.visit(f"{BOARD}/1/history")
    row = page.find("th", string=lambda _: True, class_=None)
    assert row is not None
    text = words_of(page.main)
    assert "60 lettres" in text
    assert "62 lettres" in text
    assert "But manqué" in text


def test_the_history_of_a_sprint_names_each_of_its_acts(project, browser):
    make.active_sprint(project)
    browser.submit("/projects/heron/help", blocker="it", blocker_text="Une machine", version=1)
    assert "Aide demandée" in words_of(browser.visit(f"{BOARD}/1/history").main)
    assert set(policy.HISTORY_ACTIONS) <= set(labels.ACTION_LABELS)


def test_htmx_gets_the_list_alone_and_the_rest_of_the_page_by_its_block(project, browser):
    make.closed_sprint(project)
    fragment = browser.with_htmx().visit(BOARD)
    assert fragment.html is None
    assert fragment.find(id="sprints")


def test_a_refused_plan_comes_back_with_its_dates(browser):
    page = browser.submit(f"{BOARD}/plan", expect=422, **PLAN | {"ends_on": "2026-03-01"})
    assert "avant le premier" in words_of(page.select_one("#ends_on-messages"))
    assert page.select_one("[name=ends_on]")["value"] == "2026-03-01"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "demain", ""])
def test_impossible_days_are_refused_with_a_sentence(browser, day):
    page = browser.submit(f"{BOARD}/plan", expect=422, **PLAN | {"starts_on": day})
    assert page.select("#starts_on-messages .fr-message--error")


def test_readers_read_and_do_not_write(project, browser_for):
    make.active_sprint(project)
    make.sprint(project, number=2)
    for role in (Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD):
        reader = browser_for(make.holder(role, project))
        page = reader.visit(f"{BOARD}/1")
        assert not page.find("a", string="Clore le sprint 1")
        reader.visit(f"{BOARD}/1/close", expect=403)
        reader.visit(f"{BOARD}/plan", expect=403)
        reader.submit(f"{BOARD}/plan", expect=403, **PLAN)
        reader.submit(f"{BOARD}/1/close", expect=403, **CLOSE)
        reader.submit(f"{BOARD}/2/drop", expect=403)


def test_strangers_to_the_project_find_nothing(project, browser_for):
    make.active_sprint(project)
    stranger = browser_for(make.role(make.project().id, Role.TEAM_LEAD))
    for path in (BOARD, f"{BOARD}/1", f"{BOARD}/1/close", f"{BOARD}/1/history"):
        stranger.visit(path, expect=404)
    stranger.submit(f"{BOARD}/1/close", expect=404, **CLOSE)


def test_a_number_that_no_sprint_has_is_not_found(browser):
    for number in ("2", "0", "999", "1000", "99999999999999999999", "-1"):
        browser.visit(f"{BOARD}/{number}", expect=404)


def test_fifty_sprints_cost_what_one_costs(project, browser, statements):
    costs = []
    for numbers in (range(1, 2), range(2, 51)):
        for number in numbers:
            make.closed_sprint(project, number=number)
        browser.visit(BOARD)  # fills the caches of the process
        statements.clear()
        browser.visit(BOARD)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12


def test_dates_are_shown_in_the_readers_language(project, browser_for):
    make.sprint(project, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 13))
    member = make.person(locale="en")
    make.role(project.id, Role.TEAM_MEMBER, member)
    assert "2 March 2026" in words_of(browser_for(member).visit(f"{BOARD}/1").main)


@pytest.mark.parametrize("version", [1, 2, 99])
@pytest.mark.parametrize("verb", ["close", "draft", "edit", "start", "drop"])
def test_no_refusal_shows_a_draft_to_whoever_may_not_write(project, browser, browser_for, version, verb):
    make.active_sprint(project)
    browser.submit(f"{BOARD}/1/draft", summary="BROUILLON", blocker="none", version=1)
    for role in (Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD):
        reader = browser_for(make.holder(role, project))
        typed = CLOSE | {"version": version}
        for asking in (reader, reader.with_htmx()):
            answer = asking.open(f"{BOARD}/1/{verb}", method="POST", data=typed)
            assert answer.status_code == 403
            assert "BROUILLON" not in answer.text


def test_a_project_that_has_stopped_says_why_nobody_writes(browser_for):
    today = clock.today()
    project = make.project(slug="aigrette", stopped_on=today, stop_reason="r", learnings="l")
    browser = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = browser.submit("/projects/aigrette/sprints/plan", expect=403, **PLAN)
    assert "n’est pas en cours" in words_of(page.main)


def test_a_closed_sprint_says_that_its_request_for_help_was_closed(project, browser):
    sprint = make.closed_sprint(project, help_wanted=True)
    path = f"/projects/heron/clinics/{sprint.number}"

    def assert_says(state):
        """The list says it, and leads to the request once unfolded; the sprint’s page does both."""
        line = browser.visit(BOARD).select_one(".fold")
        assert state in words_of(line.summary)
        assert not line.summary.select("a")
        assert line.select_one(f".fold__body a[href='{path}']")
        assert words_of(browser.visit(f"{BOARD}/{sprint.number}").main.find("a", href=path)).startswith(state)

    assert_says("Aide demandée")
    badges = browser.visit(f"{BOARD}/{sprint.number}").select(".fr-col-lg-8 p:has(.fr-badge)")
    assert [len(each.select(".fr-badge")) for each in badges] == [1, 1]  # they do not touch
    sprint.helped_at = clock.now()
    db.session.commit()
    clear_cached_answers()
    assert_says("Demande d’aide close le")  # with a clinic or without
