"""Pages and forms of rounds, by role."""

from datetime import date
from io import BytesIO

import pypdf
import pytest
from flask import render_template

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.project.projects.revision_queries import AuditRevision
from portal.user_tests.rounds import labels
from portal.user_tests.rounds.models import SessionMethod, TestRound
from portal.user_tests.rounds.section_views import list_project_lines
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of
from tests.support.project_file import group, version

P = "/projects/heron"
T = f"{P}/tests"
TYPED = {"prototype": "1", "title": "Lire la carte", "method": "moderated", "scale": "f_sus"}
TASK = {"title": "Trouver", "instruction": "Trouvez la lettre.", "success": "Elle est là."}


def said(page):
    return words_of(page.main).replace("\xa0", " ")


def test_before_any_version_the_page_says_what_to_do_first(browser, project):
    page = browser.visit(T)
    assert page.find("a", string="Sortir une version")["href"] == f"{P}/file/prototypes/new"
    refused = browser.visit(f"{T}/new", expect=403)
    assert "sortez-en une d’abord" in said(refused)


def test_a_round_is_planned_from_the_empty_list_and_asks_for_tasks(browser, project):
    version(project)
    group(project)
    form = browser.visit(browser.visit(T).find("a", string="Préparer une série")["href"])
    assert form.select_one("[name=groups]").has_attr("checked")
    assert form.select_one("[name=wanted]")["value"] == "5"
    page = browser.submit(f"{T}/new", **TYPED, groups="1", wanted="4")
    assert words_of(page.h1).replace("\xa0", " ") == "Série 1 : Lire la carte"
    assert "Les contrôleurs : 0 sur 4" in said(page)
    assert "Aucune tâche : écrivez ce que vous demanderez d’essayer." in said(page)
    page = browser.submit(f"{T}/1/tasks/new", **TASK, is_primary="y", time_limit="150")
    assert "T1. Trouver Tâche principale Au plus 2 min 30 s." in said(page)
    assert "En préparation" in said(browser.visit(T))
    assert "Tests série 1, sur la version 1 : aucune séance" in said(browser.visit(f"{P}/file"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"prototype": "7"}, "prototype"),
        ({"wanted": "0"}, "wanted"),
        ({"starts_on": "2026-03-12", "ends_on": "2026-03-11"}, "ends_on"),
    ],
)
def test_a_refused_round_keeps_what_was_typed(browser, project, typed, field):
    version(project)
    page = browser.submit(f"{T}/new", expect=422, **TYPED | {"script": "Bonjour."} | typed)
    assert page.select_one(f"[name={field}]")["aria-invalid"] == "true"
    assert "Bonjour." in page.select_one("[name=script]").text
    assert db.session.query(TestRound).count() == 0


def test_a_double_click_makes_one_round_and_one_task(project, browser):
    version(project)
    typed = {**TYPED, "form_key": "a" * 32}
    browser.submit(f"{T}/new", **typed)
    browser.submit(f"{T}/new", **typed)
    assert db.session.query(TestRound).count() == 1
    for _time in range(2):
        page = browser.submit(f"{T}/1/tasks/new", **TASK, form_key="b" * 32)
    assert len(page.select("#tasks li")) == 1


def test_two_who_change_a_round_read_each_other(app, browser, project):
    made = tests.planned(project)
    browser.submit(f"{T}/1/edit", **TYPED, version=1, hypotheses="Premier")
    page = browser.submit(f"{T}/1/edit", expect=409, **TYPED, version=1, hypotheses="Second")
    assert "Premier" in page.text
    assert "Second" in page.text
    page = browser.visit(f"{T}/1/history")
    changed = page.select_one("details.fold:not([open])")
    assert words_of(changed.h2) == "Série modifiée"
    assert "Hypothèses de cette série" in words_of(changed.summary.span)
    assert "Premier" in words_of(changed.table)
    with app.test_request_context():
        one = AuditRevision(made.id, made.created_at, "Ada", "round.ended", {}, {}, None)
        given = {"labels": {}, "words": {"ACTION_LABELS": labels.ACTION_LABELS}}
        lines = render_template("project/projects/revisions.html", revisions=[one] * 45, **given)
    assert "25 changements plus anciens" in lines
    assert lines.index("plus anciens") > lines.index("fold--line")


def test_a_round_that_ended_early_says_until_when_it_was(project):
    first, last = date(2026, 11, 25), date(2026, 12, 4)
    held = tests.round_(project, version(project), starts_on=first, ends_on=last)
    assert labels.period(held) == "du 25 novembre 2026 au 4 décembre 2026"
    held.ended_on = date(2026, 11, 30)
    assert labels.period(held) == "du 25 novembre 2026 au 30 novembre 2026"
    held.ended_on = date(2026, 11, 20)
    assert labels.period(held) == "jusqu’au 20 novembre 2026"


def test_a_group_that_is_left_stays_chosen_where_it_was(browser, project):
    made = tests.planned(project)
    one = group(project, name="Les partis", left_on=clock.day_of(made.created_at))
    tests.aims_at(made, one)
    form = browser.visit(f"{T}/1/edit")
    assert len(form.select("[name=groups][checked]")) == 2
    assert len(browser.visit(f"{T}/new").select("[name=groups]")) == 1


def test_tasks_are_put_in_order_by_buttons(browser, project):
    tests.planned(project)
    page = browser.submit(f"{T}/1/tasks/2/move", to="up")
    assert [words_of(head) for head in page.select("#tasks h3")] == [
        "T2. Lire la carte",
        "T1. Trouver une lettre",
    ]
    refused = browser.submit(f"{T}/1/tasks/2/move", expect=422, to="sideways")
    assert refused.select_one(".fr-alert--error")


def test_a_task_is_removed_once_that_was_asked(browser, project):
    tests.planned(project)
    asked = browser.visit(f"{T}/1/tasks/1/remove")
    assert "Son énoncé et son critère de réussite sont perdus" in said(asked)
    page = browser.submit(f"{T}/1/tasks/1/remove")
    assert "T2. Lire la carte Tâche principale" in said(page)


def test_a_round_that_was_tried_offers_to_be_copied_instead(browser, project, person):
    made = tests.planned(project)
    tests.session(made, person)
    page = browser.visit(f"{T}/1")
    assert not page.find("a", string="Ajouter une tâche")
    assert "les tâches ne changent plus" in said(page)
    assert "tâches et consentement ne changent plus" in said(browser.visit(f"{T}/1/tasks/new", expect=403))
    browser.visit(f"{T}/1/consent/fr/edit", expect=403)
    version(project)
    assert browser.visit(f"{T}/1/copy").select_one("option[selected]")["value"] == "2"
    copied = browser.submit(f"{T}/1/copy", prototype="2", title="Encore")
    assert "Reprise de la série 1" in said(copied)
    assert "Suivie par la série 2" in said(browser.visit(f"{T}/1"))


def test_a_new_round_offers_the_tasks_of_the_last_one(browser, project):
    version(project)
    assert not browser.visit(f"{T}/new").find("a", href=f"{T}/1/copy")
    made = tests.planned(project)
    words = "Reprendre les tâches de la série 1, son déroulé et son consentement"
    link = browser.visit(f"{T}/new").find("a", string=words)
    assert browser.visit(link["href"]).select_one("[name=title]")["value"] == made.title
    assert not browser.visit(f"{T}/1/edit").find("a", href=f"{T}/1/copy")


def test_a_round_that_is_over_asks_for_the_access_needs(browser, project):
    tried = tests.planned(project)
    for _number in range(2):
        tests.session(tried, make.person())
    page = browser.submit(f"{T}/1/state", to="over", confirmed="1")
    assert "Série 1 terminée. Par erreur" in words_of(page)
    assert "Personne n’a dit si un participant avait un besoin d’accessibilité." in said(page)
    refused = browser.submit(f"{T}/1/access", expect=422, access_needs="0", no_access_needs="", version=2)
    assert refused.select_one("[name=no_access_needs]")["aria-invalid"] == "true"
    page = browser.submit(f"{T}/1/access", access_needs="2", no_access_needs="", version=2)
    assert "2 participants avaient un besoin d’accessibilité." in said(page)
    assert "Série 1 rouverte." in words_of(browser.submit(f"{T}/1/state", to="open")).replace("\xa0", " ")


def test_the_consent_is_read_printed_and_changed_in_each_language(browser, project):
    version(project)
    browser.submit(f"{T}/new", **TYPED)
    page = browser.visit(f"{T}/1/consent/en")
    sheet = page.select_one(".paper")
    assert sheet["lang"] == "en"
    assert "Taking part in a test" in words_of(sheet)
    assert "tout ce qui vient" not in words_of(sheet)
    assert "(texte proposé, à relire)" in said(browser.visit(f"{T}/1"))
    changed = browser.submit(f"{T}/1/consent/fr/edit", **tests.SAID, version=1)
    assert "dpo@demo.example" in said(changed)
    browser.visit(f"{T}/1/consent/de", expect=404)


@pytest.mark.parametrize(("language", "title"), [("fr", "Votre participation"), ("en", "Taking")])
def test_the_pdf_is_tagged_in_its_language_and_says_what_the_page_says(browser, project, language, title):
    made = tests.planned(project)
    texts = {"purpose": "Typed *stars* #let x = 1 $y$ @z \\ <b>", "dpo_contact": "dpo@demo.example"}
    for one in ("fr", "en"):
        text = db.session.query(tests.ConsentText).filter_by(round_id=made.id, locale=one).one()
        text.purpose = texts["purpose"]
    db.session.commit()
    answer = browser.open(f"{T}/1/consent/{language}.pdf", method="GET")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    pdf = pypdf.PdfReader(BytesIO(answer.data))
    root = pdf.trailer["/Root"]
    assert root["/Lang"].startswith(language)
    assert root["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title.startswith(title)
    words = " ".join(page.extract_text() for page in pdf.pages)
    assert texts["purpose"] in " ".join(words.split())
    assert texts["dpo_contact"] in words


def test_an_address_or_a_number_is_asked_about_and_not_refused(browser, project):
    version(project)
    typed = {**TYPED, "script": "Appeler Awa au 06 12 34 56 78."}
    page = browser.submit(f"{T}/new", expect=422, **typed)
    assert "06 12 34 56 78" in said(page)
    browser.submit(f"{T}/new", **typed, knowingly="y")
    asked = {**TASK, "instruction": "Écrivez à awa@demo.example."}
    page = browser.submit(f"{T}/1/tasks/new", expect=422, **asked)
    assert page.select_one("[name=knowingly]")
    page = browser.submit(f"{T}/1/tasks/new", **asked, knowingly="y")
    assert "awa@demo.example" in said(page)
    refused = browser.submit(f"{T}/1/tasks/1/edit", expect=422, **asked, version=1)
    assert refused.select_one("[name=knowingly]")


def test_the_feed_tells_what_was_done_and_leads_there(browser, project):
    version(project)
    browser.submit(f"{T}/new", **TYPED)
    browser.submit(f"{T}/1/tasks/new", **TASK)
    page = browser.visit(f"{P}/activity")
    assert "a préparé la série de tests 1" in said(page)
    assert "a ajouté une tâche à la série de tests 1" in said(page)
    assert page.select(f'a[href="{T}/1"]')


def test_a_coach_reads_and_is_offered_nothing_to_write(browser_for, project):
    tests.planned(project)
    coach = browser_for(make.holder(Role.COACH, project))
    page = coach.visit(f"{T}/1")
    for verb in ("Modifier", "Ajouter une tâche", "Reprendre pour une autre version"):
        assert not page.find("a", string=verb), verb
    assert not page.find("button", string="Terminer la série")
    assert not coach.visit(T).find("a", string="Préparer une série")


def test_what_was_typed_last_is_proposed_for_the_next_round(browser, project):
    version(project)
    group(project)
    browser.submit(f"{T}/new", **TYPED | {"method": "field", "script": "Bonjour."})
    form = browser.visit(f"{T}/new")
    assert form.select_one(f"[value={SessionMethod.FIELD}]").has_attr("checked")
    assert "Bonjour." in form.select_one("[name=script]").text


def test_pages_cost_the_same_however_much_they_show(browser, project, person, statements):
    made = tests.planned(project)
    for path in (T, f"{T}/1"):
        browser.visit(path)

    def cost():
        costs = []
        for path in (T, f"{T}/1"):
            clear_cached_answers()
            statements.clear()
            browser.visit(path)
            costs.append(len(statements))
        return costs

    few = cost()
    for _time in range(8):
        tests.task(made, len(few) + 10 + _time, is_primary=False)
        tests.aims_at(made, group(project))
        tests.session(made, person)
        tests.planned(project)
    assert cost() == few


def test_the_line_of_the_project_names_the_version_that_was_tried(app, project):
    with app.test_request_context():
        (line,) = list_project_lines(None, project, (2, 3, 4, [5]))
        assert line.brief == "5 séances sur la version 4"
        (line,) = list_project_lines(None, project, (3, 3, 4, [5, 0, 2]))
    assert line.brief == "7 séances en 2 séries sur la version 4"


def test_sessions_of_all_rounds_on_a_version_are_counted_on_the_projects_page(browser, project, person):
    earlier, tried = version(project), version(project, number=2)
    tests.session(tests.round_(project, earlier), person)
    first, last = tests.round_(project, tried), tests.round_(project, tried)
    tests.session(first, person)
    for _time in range(2):
        tests.session(last, person)
    assert "3 séances en 2 séries sur la version 2" in said(browser.visit(P))
    assert "série 3, sur la version 2 : 2 séances" in said(browser.visit(f"{P}/file"))
