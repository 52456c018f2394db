"""The team's pages about its sheet, and the public ones as HTML, JSON and PDF."""

import io
import json
from datetime import date

from pypdf import PdfReader

from portal.ethics.transparency.documents import fingerprint_content
from portal.ethics.transparency.models import Publication, TransparencyPartKind
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support import project_file, risks, transparency
from tests.support.browser import words_of
from tests.support.transparency import texts

T = "/projects/heron/transparency"
P = "/transparency/heron"


def typed(part):
    return {name.replace(".", "_"): value for name, value in texts(part).items()}


def test_a_sheet_is_written_read_again_published_and_withdrawn(browser, browser_for, project):
    stranger = browser_for(None)
    page = browser.visit(T)
    assert "Pas publiée" in words_of(page.main)
    assert "(nécessaire)" in words_of(page.main)
    risks.risk(project, what="Un risque du dossier")
    assert not page.find("a", string="Relire et publier")
    browser.submit(f"{T}/edit/public", version="0", **typed(TransparencyPartKind.PUBLIC))
    browser.submit(f"{T}/edit/experts", version="0", **typed(TransparencyPartKind.EXPERTS))
    assert "Ce qui manque encore" not in words_of(browser.visit(T).main)
    form = browser.visit(f"{T}/publish")
    assert "summary.en" in words_of(form.main)
    parts = form.select("article .folds > details.fold")
    assert all(part.has_attr("open") for part in parts)  # what is signed is seen
    assert len({part["id"] for part in parts}) == len(parts) == 12
    assert "Pourquoi un algorithme" in words_of(form.select_one("#part-rationale-fr > summary span"))
    assert stranger.open(P).status_code == 404
    seen = form.select_one("[name=reviewed]")["value"]
    browser.submit(f"{T}/publish", expect=422, reviewed=seen)
    page = browser.submit(f"{T}/publish", agreed="y", reviewed=seen)
    assert "édition 1" in words_of(page.main)
    public = stranger.visit(f"{P}/fr")
    assert "summary.fr" in words_of(public.select_one("details[open]"))
    english = stranger.visit(f"{P}/en")
    assert "summary.en" in words_of(english.main)
    assert english.html["lang"] == "en"
    assert "Download the PDF" in words_of(english.main)
    assert "Trop de demandes. (in French)" in words_of(english.main)
    typed_cell = english.select_one("#part-risks tbody th [lang=fr]")
    assert words_of(typed_cell) == "Un risque du dossier"  # French, in an English table
    assert "What the team wrote in this table is in French." in words_of(english.main)
    assert not stranger.visit(f"{P}/fr").select("table [lang]")
    assert "fiche publiée le" in words_of(browser.visit("/projects/heron").main)
    assert stranger.visit("/transparency").find("a", href=f"{P}/fr")
    mate = make.role(project.id, Role.TEAM_MEMBER)
    page = browser.submit(f"{T}/withdraw", reason="Une erreur.")
    alert = words_of(page.select_one(".fr-alert--warning"))
    assert "La fiche de transparence a été retirée" in alert
    assert "Une erreur." in alert
    assert "corrigez, puis publiez" in alert
    assert "corrigez, puis publiez" not in words_of(browser_for(mate).visit(T).main)
    told = browser_for(mate).visit("/inbox").main
    assert "a retiré la fiche de transparence" in words_of(told)
    for path in (P, f"{P}/fr", f"{P}/en.pdf", f"{P}/sheet.json"):
        assert stranger.open(path).status_code == 404
    assert "n’existe plus" in words_of(stranger.visit(f"{P}/fr", expect=404).main)
    assert "Une erreur." in words_of(browser.visit(T).main)
    of_project = words_of(browser.visit("/projects/heron").main)
    assert "fiche de transparence retirée" in of_project
    assert "Une erreur." in of_project
    assert "n’est publiée en ce moment" in words_of(stranger.visit("/transparency").main)


def test_what_anybody_reads_was_published_and_is_not_the_project_of_today(
    browser, browser_for, project, carrier
):
    transparency.written(project)
    transparency.published(project, carrier)
    risks.risk(project, what="Noté depuis")
    project.organisation = "Un autre nom"
    db.session.commit()
    stranger = browser_for(None)
    for path in (f"{P}/fr", f"{P}/en", f"{P}/sheet.json", "/transparency"):
        said = stranger.open(path).text
        assert "Noté depuis" not in said
        assert "Un autre nom" not in said
        assert carrier.name not in said
        assert carrier.email not in said
    assert "Publiée, changée depuis" in words_of(browser.visit(T).main)


def test_a_published_sheet_says_what_became_of_its_project(browser, browser_for, project, carrier, person):
    transparency.published(project, carrier)
    stranger, colleague = browser_for(None), browser_for(person)
    since = "Essai arrêté le 2 mars 2026. La fiche dit où il en était le"
    assert "Essai arrêté" not in words_of(stranger.visit(f"{P}/fr").main)
    project.problem = "Autre chose."
    db.session.commit()
    assert "Au porteur de les relire" in words_of(colleague.visit(T).main)
    assert "relisez, puis publiez" in words_of(browser.visit(T).main)
    project.stopped_on, project.stop_reason, project.learnings = date(2026, 3, 2), "Plus utile.", "Rien."
    db.session.commit()
    for path in (f"{P}/fr", "/transparency"):
        assert since in words_of(stranger.visit(path).main), path
    paper = PdfReader(io.BytesIO(stranger.open(f"{P}/fr.pdf").data))
    assert since in " ".join(paper.pages[0].extract_text().split())
    assert json.loads(stranger.open(f"{P}/sheet.json").text)["project_state"] == "stopped"
    words = words_of(browser.visit(T).main)
    assert "Le dossier a changé depuis." in words
    assert "nouvelle édition" not in words


def test_the_public_list_marks_sheets_of_a_demonstration(browser_for, project, carrier):
    programme = db.session.get_one(make.Programme, project.programme_id)
    programme.is_demonstration = True
    db.session.commit()
    transparency.published(project, carrier)
    real = make.project(slug="real")
    transparency.published(real, make.role(real.id, Role.TEAM_LEAD))
    stranger = browser_for(None)
    notes = {
        item.a["href"].split("/")[2]: "Ceci est une démonstration" in words_of(item)
        for item in stranger.visit("/transparency").select("main ul.deeds li")
    }
    assert notes == {"heron": True, "real": False}


def test_what_changed_while_it_was_read_is_shown_again_unticked(browser, project):
    transparency.written(project)
    seen = browser.visit(f"{T}/publish").select_one("[name=reviewed]")["value"]
    risks.risk(project, what="Noté pendant la relecture")
    page = browser.submit(f"{T}/publish", expect=422, agreed="y", reviewed=seen)
    assert "relisez-la" in words_of(page.main)
    assert "Noté pendant la relecture" in words_of(page.main)
    assert not page.select_one("[name=agreed]").has_attr("checked")
    assert page.select_one("[name=reviewed]")["value"] != seen
    assert db.session.query(Publication).count() == 0


def test_both_texts_come_back_when_somebody_saved_first(browser, browser_for, person, project):
    browser.submit(f"{T}/edit/public", version="0", **typed(TransparencyPartKind.PUBLIC))
    mine = typed(TransparencyPartKind.PUBLIC) | {"summary_fr": "Ce que je disais"}
    page = browser_for(person).submit(f"{T}/edit/public", expect=409, version="0", **mine)
    both = words_of(page.select_one(".two-texts"))
    assert "Ce que je disais" in both
    assert "summary.fr" in both


def test_only_what_is_chosen_appears(browser, project):
    transparency.written(project)
    project_file.source(project)
    risks.risk(project, what="Un risque à dire")
    risks.risk(project, what="Un risque à taire")
    form = browser.visit(f"{T}/choice")
    assert len(form.select("[name=risks][checked]")) == 2
    browser.submit(f"{T}/choice", version="0", risks="1", sources="1")
    words = words_of(browser.visit(T).main)
    assert "Un risque à dire" in words
    assert "Un risque à taire" not in words
    assert "1 risque ouvert ne figure pas ici." in words
    assert len(browser.visit(f"{T}/choice").select("[name=risks][checked]")) == 1


def test_whoever_has_the_json_counts_the_fingerprint_again(browser_for, project, carrier):
    transparency.written(project)
    risks.risk(project)
    edition = transparency.published(project, carrier)
    stranger = browser_for(None)
    sent = json.loads(stranger.open(f"{P}/sheet.json").text)
    assert sent["fingerprint"]["value"] == fingerprint_content(sent["content"]) == edition.fingerprint
    assert (sent["edition"], sent["content"]["project"]) == (1, "heron")
    assert edition.fingerprint in words_of(stranger.visit(f"{P}/fr").main)


def test_the_sheet_on_paper_is_tagged_and_says_the_same(browser_for, project, carrier):
    nasty = "#let x = 1 *gras* 😀\n\n@page"
    transparency.written(project, summary__en=nasty)
    risks.risk(project, what="Écarté à tort")
    edition = transparency.published(project, carrier)
    stranger = browser_for(None)
    for language in ("fr", "en"):
        sent = stranger.open(f"{P}/{language}.pdf")
        assert sent.headers["Content-Disposition"].startswith("attachment")
        paper = PdfReader(io.BytesIO(sent.data))
        text = " ".join("".join(page.extract_text() for page in paper.pages).split())
        assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert str(paper.trailer["/Root"]["/Lang"]).startswith(language)
        assert "Écarté à tort" in text
        assert edition.fingerprint[:16] in text.replace(" ", "")
    assert "#let x = 1 *gras*" in text
    assert stranger.open(f"{P}/fr.pdf").data == stranger.open(f"{P}/fr.pdf").data


def test_fifty_rows_cost_what_one_costs(browser, browser_for, project, carrier, statements):
    transparency.written(project)
    stranger, costs = browser_for(None), []
    for count in (1, 49):
        for _number in range(count):
            risks.in_place(risks.risk(project), carrier)
            project_file.source(project)
        for edition in db.session.query(Publication):
            edition.ended_at, edition.ended_by_id = edition.created_at, carrier.id
        db.session.commit()
        transparency.published(project, carrier)
        for who, path in ((browser, T), (browser, f"{T}/publish"), (stranger, f"{P}/fr")):
            who.visit(path)
            statements.clear()
            who.visit(path)
            costs.append(len(statements))
    assert costs[:3] == costs[3:]


def test_a_link_that_is_none_is_refused(browser, project):
    bad = typed(TransparencyPartKind.PUBLIC) | {"website": "javascript:alert(1)"}
    browser.submit(f"{T}/edit/public", expect=422, version="0", **bad)
    transparency.written(project, website="https://demo.example/outil")
    link = browser.visit(T).find("a", href="https://demo.example/outil")
    assert "nofollow" in link["rel"]


def test_a_language_that_is_none_is_not_found(browser_for, project, carrier):
    transparency.published(project, carrier)
    stranger = browser_for(None)
    assert stranger.open(f"{P}/de").status_code == 404
    assert stranger.open("/transparency/nobody/fr").status_code == 404
    assert make.project(slug="other").slug == "other"
    assert stranger.open("/transparency/other/fr").status_code == 404
