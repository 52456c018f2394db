"""A round's report as a page and a PDF, in both languages."""

from io import BytesIO

import pypdf
import pytest

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.user_tests.findings.models import FindingClosingKind, Retest, RetestResult
from portal.user_tests.rounds.session_models import TaskResult, TestSession
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of
from tests.support.project_file import version
from tests.user_tests.reports.conftest import P, T, note, people

ONE, OTHER = f"{T}/1/report", f"{T}/2/report"
SECRET = "Marie a pleuré"


def said(page):
    return words_of(page.select_one("article")).replace("\xa0", " ")


def printed(browser, address):
    response = browser.open(address, method="GET")
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    return pypdf.PdfReader(BytesIO(response.data))


def text_of(paper):
    """Return the text of a PDF, with hyphenated words joined."""
    text = " ".join(page.extract_text() for page in paper.pages)
    return " ".join(text.replace("\xa0", " ").replace("\u2010\n", "").split())


@pytest.fixture
def found(project, two):
    """Three findings: one severe and in a sprint, one accepted, one not rated."""
    severe = note(two.first, "La légende n’est pas vue.", 4, is_harm=True)
    sprint = make.active_sprint(project, number=3)
    severe.item_id = make.item(project, sprint, title="Remonter la légende").id
    note(two.first, "Le bouton est petit.", 1)
    note(two.first, "Un mot n’est pas compris.", None)
    held = db.session.scalars(db.select(TestSession).where(TestSession.round_id == two.first.id))
    for one in list(held)[:3]:
        tests.seen(severe, one, two.person)
    db.session.commit()
    return severe


def test_a_report_says_who_what_worked_what_got_in_the_way_and_what_changes(browser, found):
    told = said(browser.visit(f"{ONE}/fr"))
    assert "8 participants ont essayé la version 1 du prototype (séances le 12 mars 2026)." in told
    assert "Tâche principale, « Trouver une lettre » : 1 sur 8 a réussi sans aide, 1 avec" in told
    assert "SUS de" in told
    assert "3 constats, dont 1 grave (gravité 3 ou 4). Graves encore ouverts : 1." in told
    assert "Les contrôleursParticipants visés5Participants venus8" in told
    assert "1 participant avait un besoin d’accessibilité." in told
    assert "1 sur 8 (0 à 49 %)" in told
    worst = told.index("Gravité 4, catastrophique")
    assert worst < told.index("Gravité 1, cosmétique") < told.index("Gravité non évaluée")
    assert "La légende n’est pas vue. (préjudice possible)Chez combien3 sur 8" in told
    assert "Remonter la légende : au sprint 3." in told
    assert "Prochain test : « Lire la carte encore » (série 2), sur la version 2." in told
    assert "série 1, version 1, n = 8." in told


def test_a_round_that_is_over_is_not_the_next_test(browser, two):
    two.second.ended_on = clock.today()
    db.session.commit()
    assert "Aucun autre test n’est encore prévu." in said(browser.visit(f"{ONE}/fr"))


def test_a_report_is_whole_in_english_whatever_its_reader_speaks(browser, found):
    page = browser.visit(f"{ONE}/en")
    assert page.select_one("article")["lang"] == "en"
    assert page.html["lang"] == "fr"
    told = said(page)
    assert "8 participants tried version 1" in told
    assert "What changes next" in told
    assert "Gravité" not in told
    assert "participants ont" not in told


def test_what_is_not_decided_of_a_severe_finding_is_said(browser, two):
    note(two.first, "La carte ne s’ouvre pas.", 3)
    told = said(browser.visit(f"{ONE}/fr"))
    assert "1 constat grave attend encore une décision." in told


def test_findings_that_a_later_version_shows_or_no_longer_shows_are_in_its_report(browser, two):
    gone = note(two.first, "La légende n’est pas vue.", 2)
    still = note(two.first, "Le bouton est petit.", 3)
    merged = note(two.first, "Le même bouton.", 3)
    merged.merged_into_id, merged.closing = still.id, FindingClosingKind.MERGED
    merged.closed_at = clock.now()
    for one, result in ((gone, RetestResult.DISAPPEARED), (still, RetestResult.STILL_THERE)):
        ids = {"finding_id": one.id, "round_id": two.second.id, "noted_by_id": two.person.id}
        db.session.add(Retest(result=result, **ids))
    db.session.commit()
    told = said(browser.visit(f"{OTHER}/fr"))
    assert "1 constat d’une version précédente a disparu." in told
    assert "Le bouton est petit.Chez combienpas ditOù on en estEncore là" in told
    assert "Le même bouton." not in told
    assert "La légende" not in told.split("Ce qui a gêné")[1]
    assert "Aucun autre test n’est encore prévu." in told
    assert "La série n’est pas terminée" in told


def test_more_than_ten_findings_are_counted_and_the_gravest_told(browser, two):
    for n in range(12):
        note(two.first, f"Constat {n}.", 1 if n else 4)
    told = said(browser.visit(f"{ONE}/fr"))
    assert "Et 2 autres constats, de gravité égale ou moindre." in told
    assert "Constat 0." in told
    assert "Constat 11." not in told


def test_a_round_that_nobody_tried_has_an_honest_report(browser, project):
    tests.planned(project)
    told = said(browser.visit(f"{ONE}/fr"))
    assert "Personne n’a encore essayé la version 1." in told
    assert "Aucun constat n’est noté." in told
    assert "n = 0." in told


def test_nothing_that_a_participant_did_alone_or_an_observer_noted_is_in_it(browser, two, found):
    for row in db.session.scalars(db.select(TestSession)):
        row.notes = SECRET
    for row in db.session.scalars(db.select(TaskResult)):
        row.notes = SECRET
    db.session.commit()
    page = browser.visit(f"{ONE}/fr").text
    paper = text_of(printed(browser, f"{ONE}/fr.pdf"))
    for text in (page, paper):
        assert SECRET not in text
        assert "P1 " not in text
    assert two.person.name not in said(browser.visit(f"{ONE}/fr"))


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("fr", "Test utilisateur : Lire la carte", ["Ce qui a gêné", "8 participants ont essayé"]),
        ("en", "User test: Lire la carte", ["What got in the way", "8 participants tried"]),
    ],
)
def test_on_paper_a_report_is_tagged_and_says_its_language_and_title(browser, found, language, title, words):
    paper = printed(browser, f"{ONE}/{language}.pdf")
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert paper.metadata.title.replace("\xa0", " ") == title
    assert "pdfuaid:part" in paper.xmp_metadata.stream.get_data().decode()
    text = text_of(paper)
    for each in [*words, "La légende n’est pas vue.", "Remonter la légende"]:
        assert each in text
    assert tags(root["/StructTreeRoot"]) >= {"/Table", "/TH", "/TD", "/H1", "/H2", "/L"}


def tags(node, seen=None):
    """Return the structure types of a tagged PDF."""
    seen = set() if seen is None else seen
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            tags(each, seen)
    elif isinstance(node, dict):
        if "/S" in node:
            seen.add(node["/S"])
        if "/K" in node:
            tags(node["/K"], seen)
    return seen


def test_what_is_typed_is_text_on_paper_never_a_program(browser, two):
    typed = '#read("/etc/passwd") $x$ *gras* <b> = titre \\ @ref'
    note(two.first, typed, 3)
    two.first.title = "#panic()"
    db.session.commit()
    paper = printed(browser, f"{ONE}/fr.pdf")
    assert "#panic()" in paper.metadata.title
    assert '#read("/etc/passwd")' in text_of(paper)


def test_the_same_report_at_the_same_moment_is_the_same_file(browser, found, monkeypatch):
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    first, second = [browser.open(f"{ONE}/fr.pdf", method="GET").data for _time in range(2)]
    assert first.startswith(b"%PDF")
    assert first == second


def test_an_observer_reads_reports_of_what_is_over_and_is_led_nowhere_else(browser_for, project, two):
    watcher = browser_for(make.holder(Role.OBSERVER, project))
    listing = watcher.visit(f"/programmes/{slug_of(project)}/test-reports")
    links = [one["href"] for one in listing.select("tbody a[href]")]
    assert links == [f"{ONE}/fr"]
    page = watcher.visit(links[0])
    assert "8 participants" in said(page)
    assert not page.main.select(f"a[href='{P}']")
    for link in page.select("main a[href^='/'], #navigation a"):
        assert watcher.open(link["href"], method="GET", follow_redirects=True).status_code == 200
    watcher.visit(f"{OTHER}/fr", expect=404)
    watcher.visit(f"{T}/coverage", expect=404)
    assert watcher.open(f"{OTHER}/fr.pdf", method="GET").status_code == 404


def slug_of(project):
    return db.session.get(make.Programme, project.programme_id).slug


def test_an_operator_has_no_reports(browser_for, project, two):
    operator = browser_for(make.holder(Role.OPERATOR, project))
    operator.visit(f"/programmes/{slug_of(project)}/test-reports", expect=404)
    operator.visit(f"{ONE}/fr", expect=404)


def test_a_programme_without_a_round_that_is_over_says_what_will_be_there(browser_for, project):
    tests.round_(project, version(project))
    watcher = browser_for(make.holder(Role.PROGRAMME_LEAD, project))
    page = watcher.visit(f"/programmes/{slug_of(project)}/test-reports")
    assert "Aucune série n’est encore terminée" in words_of(page.main)


def test_reports_are_reached_from_the_round_the_programme_and_the_portfolio(
    browser, browser_for, project, two
):
    page = browser.visit(f"{T}/1")
    assert page.select_one(f"a[href='{ONE}/fr']")
    report = browser.visit(f"{ONE}/fr")
    assert report.select_one(f"a[href='{ONE}/en']")
    assert report.select_one(f"a[href='{ONE}/fr.pdf']")
    index = f"/programmes/{slug_of(project)}/test-reports"
    lead = browser_for(make.holder(Role.PROGRAMME_LEAD, project))
    for address in (f"/programmes/{slug_of(project)}", "/portfolio"):
        assert lead.visit(address).select_one(f"a[href='{index}']")
    assert not browser.visit(f"/programmes/{slug_of(project)}").select_one(f"a[href='{index}']")


def test_sixty_sessions_and_ten_findings_cost_what_two_cost(browser, project, two, statements):
    def cost():
        browser.visit(f"{ONE}/fr")
        statements.clear()
        browser.visit(f"{ONE}/fr")
        return len(statements)

    note(two.first, "Un.", 2)
    few = cost()
    people(two.first, two.tasks[0], two.group, two.person, "s" * 52)
    for n in range(10):
        note(two.first, f"Constat {n}.", 3)
    for n in range(2, 13):
        tests.task(two.first, n)
    assert cost() == few
    assert few < 25


def test_what_is_severe_and_stays_is_told_with_its_reason_and_without_a_name(browser, two):
    who = make.person(name="Camille Décide")
    ended = {"closing_reason": "La liste vient d’ailleurs.", "closed_at": clock.now()}
    for severity in (3, 2):
        note(two.first, f"Gravité {severity}.", severity, closing=FindingClosingKind.ACCEPTED,
             closed_by_id=who.id, **ended)  # fmt: skip
    told = said(browser.visit(f"{ONE}/fr"))
    assert "Gravité 3 : gardé tel quel. La liste vient d’ailleurs." in told
    assert "Gravité 2 : gardé" not in told
    assert who.name not in told


def test_a_report_of_a_demonstration_says_so_on_each_page_that_is_printed(browser, project, two):
    assert "Démonstration" not in text_of(printed(browser, f"{ONE}/fr.pdf"))
    db.session.get_one(Programme, project.programme_id).is_demonstration = True
    db.session.commit()
    clear_cached_answers()
    paper = printed(browser, f"{ONE}/fr.pdf")
    assert all("ce test n’a pas eu lieu" in page.extract_text() for page in paper.pages)
    assert "this test never took place" in said(browser.visit(f"{ONE}/en"))
