"""Pages and forms of findings."""

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog.models import Item
from portal.user_tests.findings.models import Finding, FindingClosingKind, RetestResult
from portal.user_tests.findings.severity_charts import build_severity_bar_parts
from tests.support import factories as make
from tests.support import findings, project_file, user_tests
from tests.support.browser import words_of

F = "/projects/heron/findings"


def test_a_finding_is_noted_in_one_line_and_once(browser, first, sessions):
    assert "Aucun constat n’est encore noté" in words_of(browser.visit(F).main)
    form = browser.visit(f"{F}/new?round=1&session=2")
    assert form.select_one("[name=sessions][checked]")["value"] == "2"
    key = form.select_one("[name=form_key]")["value"]
    for _twice in range(2):
        page = browser.submit(f"{F}/new?round=1", what="Bouton pas vu", form_key=key)
        assert "Gravité non évaluée" in words_of(page.main)
    assert db.session.query(Finding).count() == 1
    assert "Bouton pas vu" in words_of(browser.visit(F).main)


def test_without_a_round_the_way_to_one_is_shown(browser, project):
    assert "Aucun test n’est encore préparé" in words_of(browser.visit(f"{F}/new").main)
    browser.submit(f"{F}/new", what="w")


def test_a_text_that_names_somebody_comes_back_with_the_question(browser, first):
    page = browser.submit(f"{F}/new", expect=422, what="Ada, ada@demo.example")
    assert page.select_one("[name=knowingly]") is not None
    assert page.select_one("[name=what]")["value"] == "Ada, ada@demo.example"


def test_a_grave_finding_says_whose_turn_it_is(browser_for, project, first):
    user_tests.finding(first, severity=3)
    for role, sentence in (
        (Role.TEAM_MEMBER, "Au porteur ou à la direction"),
        (Role.TEAM_LEAD, "dites ce qu"),
    ):
        assert sentence in words_of(browser_for(make.holder(role, project)).visit(f"{F}/1").main)


def test_one_page_shows_the_whole_chain(browser, person, project, first, second):
    sprint = make.active_sprint(project)
    made = user_tests.finding(first, severity=3)
    browser.submit(f"{F}/1/item")
    item = db.session.query(Item).one()
    item.iteration_id = sprint.id
    db.session.commit()
    item_page = browser.visit(f"/projects/heron/backlog/{item.number}")
    assert item_page.find("a", href=f"{F}/1", string="Constat 1")
    user_tests.round_(project, project_file.version(project))
    untried = browser.visit("/projects/heron/tests/3/findings").main
    assert "une séance d’abord" in words_of(untried)
    assert not untried.select("[name=result_1]")
    typed = {"result_1": "gone", "note_1": "Tous l’ont vue.", "before_1": ""}
    told = browser.submit("/projects/heron/tests/2/findings", **typed)
    assert "1 constat vérifié, 1 clos." in words_of(told)
    steps = words_of(browser.visit(f"{F}/1").select_one("ol.steps"))
    for part in ("série 1, version 1", "élément 1", "Sprint 1", "Tous l’ont vue.", person.name):
        assert part in steps
    assert "une version suivante ne le montre plus" in steps
    assert "Mis au carnet" in words_of(browser.visit(f"{F}/1/history").main)
    db.session.refresh(made)
    assert made.closing is FindingClosingKind.RETESTED


def test_a_list_is_narrowed_sorted_and_read_a_page_at_a_time(browser, first, person):
    for number in range(25):
        user_tests.finding(first, severity=number % 5, what=f"Ligne {number}", is_harm=number == 7)
    findings.closed(first, person, FindingClosingKind.SETTLED, what="Clos")
    page = browser.visit(F)
    assert len(page.select(".deeds > li")) == 20
    assert "Gravité 4" in words_of(page.select_one(".deeds > li"))
    rest = browser.visit(page.find("a", string="Constats suivants")["href"])
    assert len(rest.select(".deeds > li")) == 5
    assert len(browser.visit(f"{F}?severity=severe").select(".deeds > li")) == 10
    assert "Ligne 7" in words_of(browser.visit(f"{F}?harm=1&owner=nobody").main)
    assert "Clos" in words_of(browser.visit(f"{F}?state=closed&round=1").main)
    assert "n’a pas été compris" in words_of(browser.visit(f"{F}?state=x&after=y").main)
    oldest = browser.visit(f"{F}?sort=age").select_one(".deeds > li")
    assert "Ligne 0" in words_of(oldest)


def test_fifty_findings_cost_what_one_costs(browser, first, second, person, statements):
    costs = []
    for count in (1, 49):
        for _number in range(count):
            made = user_tests.finding(first, severity=2)
            user_tests.seen(made, user_tests.session(first, person), person)
            findings.retest(made, second, person, RetestResult.STILL_THERE)
        for path in (F, f"{F}/1", "/projects/heron/tests/2/findings", "/projects/heron/tests/1/findings"):
            browser.visit(path)
            statements.clear()
            browser.visit(path)
            costs.append(len(statements))
    assert costs[:4] == costs[4:]


def test_two_who_answer_at_once_are_told(browser, browser_for, carrier, first, second):
    user_tests.finding(first, severity=3)
    path, typed = "/projects/heron/tests/2/findings", {"note_1": "", "before_1": ""}
    browser.submit(path, result_1="gone", **typed)
    other = browser_for(carrier)
    page = other.submit(path, expect=422, result_1="still_there", **typed)
    assert "vient de répondre autre chose" in words_of(page)
    assert page.select_one("[name=before_1]")["value"] == "gone"
    other.submit(path, result_1="still_there", note_1="", before_1="gone")
    assert db.session.query(Finding).one().closing is None


def test_blanks_choose_nothing(browser, first, second):
    user_tests.finding(first)
    answered = {"result_1": " \t\u3000", "note_1": "", "before_1": ""}
    page = browser.submit("/projects/heron/tests/2/findings", **answered)
    assert "Rien n’a changé." in words_of(page)
    browser.submit("/projects/heron/findings/new?round=1", what="w", severity="  ", owner=" ")
    noted = db.session.query(Finding).filter_by(what="w").one()
    assert (noted.severity, noted.owner_id) == (None, None)


def test_merging_is_said_on_both_pages_and_undone(browser, first):
    for _number in range(2):
        user_tests.finding(first, severity=2)
    browser.submit(f"{F}/2/merge", expect=422)  # nothing is preselected
    page = browser.submit(f"{F}/2/merge", into=1)
    assert "Constats réunis à celui-ci" in words_of(page.main)
    assert "réuni à un autre" in words_of(browser.visit(f"{F}/2").main)
    assert "séparé du constat 1" in words_of(browser.submit(f"{F}/2/split"))


@pytest.mark.parametrize("role", [Role.COACH, Role.ETHICS_REVIEWER])
def test_who_only_reads_sees_no_verb(browser_for, project, first, second, role):
    user_tests.finding(first, severity=2)
    reader = browser_for(make.holder(role, project))
    for path in (F, f"{F}/1", "/projects/heron/tests/2/findings"):
        forms = reader.visit(path).select("main form[method=post]")
        assert not [one for one in forms if "/findings" in one["action"]]


def test_a_carrier_accepts_by_name(browser_for, browser, carrier, first):
    user_tests.finding(first, severity=4)
    page = browser_for(carrier).submit(f"{F}/1/accept", reason="Hors essai.", version=1)
    assert carrier.name in words_of(page.select_one("ol.steps"))
    assert "Hors essai." in words_of(page.select_one("ol.steps"))


def test_what_is_rated_on_the_page_is_rated_once(browser, first):
    user_tests.finding(first)
    page = browser.submit(f"{F}/1/rate", severity="4", version=1)
    assert "Gravité 4, catastrophique" in words_of(page.main)
    browser.submit(f"{F}/1/rate", expect=409, severity="1", version=1)
    browser.submit(f"{F}/1/rate", expect=422, severity="9", version=2)


def test_whoever_notes_from_a_session_goes_back_to_it(browser, project, first, sessions):
    page = browser.visit("/projects/heron/tests/sessions/2")
    of_session, of_task = (f"{F}/new?round=1&session=2{more}" for more in ("", "&task=1"))
    assert page.find("a", href=of_session)
    assert page.find("a", href=of_task)
    form = browser.visit(of_task)
    assert form.select_one("[name=sessions][checked]")["value"] == "2"
    assert form.select_one("[name=tasks][checked]")["value"] == "1"
    back = "/projects/heron/tests/sessions/2#t1"
    assert form.find("a", string="Annuler")["href"] == back
    page = browser.submit(of_task, what="Bouton pas vu", sessions=2, tasks=1)
    assert "Constat 1 noté." in words_of(page)
    assert "Séance P2" in words_of(page.h1)
    again = browser.submit(of_task, what="Texte coupé", then="another")
    assert again.select_one("[name=sessions][checked]")["value"] == "2"
    assert again.select_one("[name=tasks][checked]") is None
    browser.visit(f"{F}/new?round=1&session=999&task=999")


def test_a_note_that_names_somebody_comes_back_with_the_question(browser, first, second):
    user_tests.finding(first, severity=3)
    typed = {"result_1": "gone", "note_1": "Ada, ada@demo.example", "before_1": ""}
    page = browser.submit("/projects/heron/tests/2/findings", expect=422, **typed)
    assert page.select_one("[name=knowingly]") is not None
    browser.submit("/projects/heron/tests/2/findings", knowingly="y", **typed)
    assert db.session.query(Finding).one().closing is FindingClosingKind.RETESTED


def test_the_form_that_settles_opens_only_for_what_it_can_close(browser, first):
    user_tests.finding(first, severity=2)
    user_tests.finding(first, severity=3)
    browser.visit("/projects/heron/findings/1/settle")
    page = browser.visit("/projects/heron/findings/2/settle", expect=403)
    assert "Gravité 3" in page.main.text
    assert page.main.find("a", href="/projects/heron/findings/2")


def test_checks_of_a_round_show_what_is_open_and_fold_what_is_closed(browser, project, person, first, second):
    open_one = user_tests.finding(first, severity=3)
    closed_one = findings.closed(first, person, FindingClosingKind.SETTLED)
    user_tests.session(second, person)
    user_tests.round_(project, project_file.version(project))
    untried = words_of(browser.visit("/projects/heron/tests/3/findings").main)
    assert "1 constat plus ancien attend ce que cette version montrera." in untried
    page = browser.visit("/projects/heron/tests/2/findings")
    folded = page.select_one("details#closed")
    assert not folded.has_attr("open")
    assert [row["id"] for row in folded.select(".question")] == [f"finding-{closed_one.number}"]
    questions = [row["id"] for row in page.select(".question")]
    assert questions == [f"finding-{open_one.number}", f"finding-{closed_one.number}"]


def test_the_form_that_changes_a_finding_and_the_one_that_rates_it_share_no_id(browser, first):
    user_tests.finding(first, severity=3)
    page = browser.visit(f"{F}/1/edit")
    assert len(page.select("[name=severity]")) == 2
    ids = [tag["id"] for tag in page.select("[id]")]
    assert sorted(ids) == sorted(set(ids))


def test_no_severity_is_drawn_like_an_empty_track(app):
    with app.test_request_context():
        parts = build_severity_bar_parts(dict.fromkeys((None, *range(5)), 1))
    assert len(parts) == 6
    assert "todo" not in {part.look for part in parts}
