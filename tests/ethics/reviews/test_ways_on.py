"""Where a review leads next: to what was asked, to added questions, to what the next gate asks."""

from portal.collaboration.discussions.models import Thread
from portal.ethics.questionnaires.completion_rules import leave_out_unfinished_answers
from portal.ethics.questionnaires.need_views import UnmetGateNeeds
from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.questionnaires.score_rules import compute_conclusion
from portal.ethics.reviews import queries, workflow_views
from portal.ethics.reviews.models import ReviewAnswer
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from tests.support import factories as make
from tests.support import project_file, reviews
from tests.support.browser import words_of
from tests.support.reviews import typed

R = "/projects/heron/reviews"


def row_of(item):
    return db.session.query(ReviewAnswer).filter_by(item=item).one()


def test_what_the_reviewer_asked_leads_to_the_question_it_was_written_under(
    project, lead, judge, browser, browser_for
):
    project_file.version(project)
    reviews.submitted(lead, project, judge)
    reader = browser_for(judge)
    reader.submit(f"{R}/1/take")
    remark = make.comment(row_of("R3_1").discussion_id, judge, "Lesquelles ?")
    reader.submit(f"{R}/1/more", because="Voir mes remarques.")
    page = browser.visit(f"{R}/1")
    assert page.find("a", href=f"{R}/1/sections/R3#q-R3_1", string="Donner les compléments")
    for path in (f"{R}/1", f"{R}/1/sections/R1"):
        page = browser.visit(path)
        assert "Le relecteur a écrit sous cette question :" in words_of(page.main).replace("\xa0", " ")
        assert page.main.find("a", href=f"{R}/1/questions/R3_1#discussion")
    db.session.get_one(Thread, remark.thread_id).resolved_at = clock.now()
    db.session.commit()
    clear_cached_answers()
    page = browser.visit(f"{R}/1")
    button = page.find("a", string="Donner les compléments")
    assert button["href"] == f"{R}/1/sections/stakes"  # the first one


def test_a_section_goes_on_once_the_questions_that_its_answers_added_were_seen(project, member, browser):
    reviews.opened(member, project)
    section = f"{R}/1/sections/stakes"
    sent = {tag["name"]: tag["value"] for tag in browser.visit(section).select("[name^=s_]")}
    assert "s_sensitive" not in sent
    answer = browser.open(section, method="POST", data=sent | {"a_personal": "yes", "then": "next"})
    assert answer.location.endswith(f"{section}#q-sensitive")
    page = browser.visit(section)
    assert "Vos réponses ajoutent 1 question à cette section." in words_of(page)
    assert page.find(id="q-sensitive")["tabindex"] == "-1"
    assert not page.select("[name=appeared]")
    sent = {tag["name"]: tag["value"] for tag in page.select("[name^=s_]")} | {"a_personal": "yes"}
    following = browser.open(section, method="POST", data=sent | {"then": "next"})
    assert following.location.endswith("/sections/R1")


def test_a_question_that_a_script_added_to_the_page_counts_as_added(project, member, browser):
    reviews.opened(member, project)
    section, htmx = f"{R}/1/sections/stakes", browser.with_htmx()
    item = get_questionnaire("framing").item("personal")
    part = htmx.submit(f"{R}/1/questions/personal", **typed(item, row_of("personal"), "yes"))
    assert part.select_one("#q-sensitive [name=appeared]")["value"] == "sensitive"
    sent = {tag["name"]: tag["value"] for tag in browser.visit(section).select("[name^=s_]")}
    sent |= {"a_personal": "yes", "appeared": "sensitive", "then": "next"}
    answer = browser.open(section, method="POST", data=sent)
    assert answer.location.endswith(f"{section}#q-sensitive")


def test_what_the_next_gate_asks_is_first_and_the_other_questionnaires_are_folded(
    project, browser, monkeypatch
):
    page = browser.visit(f"{R}/new")
    assert not page.main.select("fieldset details, [checked]")
    needs = UnmetGateNeeds("G9", "/projects/heron/gates/9", (), ("exposure",))
    monkeypatch.setattr(workflow_views, "read_next_gate_needs", lambda _project: needs)
    fields = browser.visit(f"{R}/new").main.fieldset
    assert [tag["value"] for tag in fields.select("[checked]")] == ["exposure"]
    assert fields.select("[name=kind]")[0]["value"] == "exposure"
    others = fields.select_one("details:not([open])")
    assert words_of(others.summary) == "Les autres questionnaires"
    assert len(others.select("[name=kind]")) == len(fields.select("[name=kind]")) - 1
    asked = browser.visit(f"{R}/new?kind=framing").main.fieldset
    assert not asked.select_one("details [checked]")
    assert asked.select_one("[checked]")["value"] == "framing"
    opened = browser.submit(f"{R}/new", kind="framing")
    assert "Revue 1" in words_of(opened.h1)


def test_an_answer_without_its_reason_says_that_it_is_not_finished(project, lead, browser):
    review = reviews.opened(lead, project)
    record = queries.get_review_with_answers(lead, project, review.number)
    item = next(item for section in record.definition.sections for item in section.items if item.says_why)
    section = record.definition.section_of(item)
    missing = "Pas finie : il manque le pourquoi."
    page = browser.visit(f"{R}/1/sections/{section.key}")
    assert missing not in words_of(page.main).replace("\xa0", " ")
    entry = reviews.typed(item, record.rows[item.key], item.choices[0].value)
    page = browser.submit(f"{R}/1/questions/{item.key}", **entry | {f"a_{item.note_key}": ""})
    assert "Une réponse n’est pas finie" in words_of(page)
    record = queries.get_review_with_answers(lead, project, 1)
    assert item.key not in leave_out_unfinished_answers(record.definition, record.answers)
    assert record.conclusion.scored == compute_conclusion(record.definition, {}).scored
    page = browser.visit(f"{R}/1/sections/{section.key}")
    entry = {tag["name"]: tag["value"] for tag in page.select("[name^=s_]")}
    entry |= {f"a_{item.key}": item.choices[0].value, "then": "next"}
    page = browser.submit(f"{R}/1/sections/{section.key}", **entry)
    assert words_of(page.h1) != str(section.title)
    link = page.select_one(".messages").find("a", string="Finir cette réponse")
    assert link["href"] == f"{R}/1/sections/{section.key}#q-{item.key}"
    page = browser.visit(f"{R}/1/sections/{section.key}")
    assert page.find(id=f"q-{item.key}")
    assert missing in words_of(page.find(id=f"saved-{item.key}")).replace("\xa0", " ")
    assert any(each == item for _section, each in queries.get_review_with_answers(lead, project, 1).missing)
