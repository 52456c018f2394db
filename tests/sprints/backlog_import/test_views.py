"""The pages of an import, from upload to confirmation, and exports."""

import csv
import io
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.sprints.backlog.models import Item
from portal.sprints.backlog_import.models import BacklogImport
from tests.project.data_sources.test_upload import KIND, body_of
from tests.sprints.backlog_import import files
from tests.sprints.backlog_import.conftest import work
from tests.support import factories as make
from tests.support.browser import words_of

BACKLOG = "/projects/heron/backlog"


@pytest.fixture
def browser(person, browser_for):
    return browser_for(person)


def send(browser, data: bytes, name: str = "export.csv", **typed: object):
    body = body_of(typed, data, name)
    return browser.open(f"{BACKLOG}/import", method="POST", data=body, content_type=KIND)


def plain(page, selector: str = "main") -> str:
    return words_of(page.select_one(selector)).replace("\xa0", " ")


def bring(browser, data: bytes) -> str:
    """The path of the comparison."""
    answer = send(browser, data)
    assert answer.status_code == 303, answer.text[:2000]
    return answer.location


def test_from_a_file_to_items_and_back(browser, project):
    page = browser.visit(f"{BACKLOG}/import")
    assert "24 heures" in words_of(page.main)
    bad = files.issue(2, "Accès", State="Offen", Weight="L")
    path = bring(browser, files.gitlab(files.issue(1, "Écran"), bad))
    waiting = browser.visit(path)
    assert waiting.select_one("#import")["hx-trigger"] == "every 1s"
    assert waiting.select_one(f'#import a[href="{path}"]')
    work()
    fragment = browser.with_htmx().visit(path)
    assert fragment.select_one("#import").get("hx-trigger") is None
    said = words_of(fragment)
    assert "La comparaison est prête." in str(fragment)
    assert "1 ligne est en erreur : rien ne peut être importé" in said.replace("\xa0", " ")
    assert "Nous ne savons pas ce que veut dire « Offen »" in said.replace("\xa0", " ")
    page = browser.visit(path)
    fields = {one["name"]: one for one in page.select("#choices select")}
    chosen = {
        name: option["value"]
        for name, one in fields.items()
        if (option := one.select_one("option[selected]"))
    }
    offen = next(n for n in fields if n.startswith("states_") and not chosen.get(n))
    sent = {name: chosen.get(name, "") for name in fields} | {offen: "done", "column_points": ""}
    browser.submit(f"{path}/choices", **sent)
    work()
    said = words_of(browser.visit(path).main)
    assert "Nouveaux (2)" in said
    assert "Tout est écrit ensemble, ou rien." in said
    assert browser.open(f"{path}/confirm", method="POST", data={"seen": "1"}).status_code == 409
    browser.submit(f"{path}/confirm", seen="2")
    work()
    page = browser.visit(path)
    assert "2 éléments ajoutés" in words_of(page.main)
    assert "a importé des éléments" in words_of(browser.visit("/projects/heron/activity").main)
    again = bring(browser, files.gitlab(files.issue(1, "Écran"), bad))
    work()
    page = browser.visit(again)
    assert "Inchangés (2)" in words_of(page.main)
    said = plain(page)
    assert "Ce fichier ne change rien au carnet" in said
    assert "2 lignes sont déjà dans le carnet, à l’identique." in said
    assert not page.select(f'form[action="{again}/confirm"]')
    assert browser.open(f"{again}/confirm", method="POST", data={"seen": "1"}).status_code == 422
    asked = plain(browser.visit(f"{BACKLOG}/import"))
    assert "Ce fichier ne change rien au carnet" in asked
    assert "attend votre décision" not in asked


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04\x00\x00", "classeur ou une archive"),
        (b"", "Ce fichier est vide."),
        (b"Title,State\nA\0,Open", "n’est pas du CSV"),
        (b"a," * 600 + b"title\n", "plus de 500 colonnes"),
    ],
)
def test_what_is_no_csv_is_refused_beside_the_field(browser, project, data, said):
    answer = send(browser, data)
    assert answer.status_code == 422
    assert said in words_of(browser._read(answer, 422).select_one("#csv-messages"))
    assert db.session.query(BacklogImport).count() == 0


def test_a_broken_line_further_down_says_where_and_what_next(browser, project):
    path = bring(browser, b'Title,State\nA,"Open\n')
    assert "Un fichier est en cours de lecture" in plain(browser.visit(f"{BACKLOG}/import"))
    work()
    said = plain(browser.visit(path))
    assert "Ligne 2 : un guillemet y est ouvert" in said
    assert "Corrigez-le, ou exportez-le à nouveau" in said
    asked = browser.visit(f"{BACKLOG}/import")
    alert = plain(asked, ".fr-alert--error")
    assert "Votre fichier n’a pas pu être importé" in alert
    assert "Ligne 2 : un guillemet y est ouvert" in alert
    assert "Rien n’a été écrit dans le carnet. Corrigez-le" in alert
    assert "attend votre décision" not in plain(asked)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"Title,State\n", "Ce fichier n’a aucune ligne"),
        (files.gitlab(), "Il ne contient que le nom des colonnes."),
        (files.trello().replace(b"false", b"true"), "3 lignes sont laissées de côté : archivées"),
    ],
)
def test_where_nothing_is_to_do_it_is_said_and_not_asked(browser, project, data, said):
    path = bring(browser, data)
    work()
    page = browser.visit(path)
    assert said in plain(page)
    assert "Rien à importer" not in plain(page)
    assert not page.select(f'form[action="{path}/confirm"]')
    assert page.select_one(f'a.fr-btn[href="{BACKLOG}/import"]')


def test_each_stage_of_a_file_is_announced_as_it_is(browser, project):
    ask = f"{BACKLOG}/import"
    bring(browser, b"Quoi;Comment\nLire;vite\n")
    assert "attend que vous choisissiez ses colonnes" in plain(browser.visit(ask))
    bring(browser, files.gitlab(files.issue(1, "Écran", State="Offen")))
    work()
    assert "Un fichier attend d’être corrigé" in plain(browser.visit(ask))
    bring(browser, files.gitlab(files.issue(1, "Écran")))
    work()
    assert "Un fichier attend votre décision" in plain(browser.visit(ask))


def test_what_is_rounded_named_or_left_is_seen_before_it_is_written(browser, project):
    make.role(project.id, Role.TEAM_MEMBER, make.person(name="Awa Diallo"))
    given = {"Weight": "2,5", "Assignee": "Awa Diallo", "Due_Date": "2026-12-01", "Author": "a"}
    path = bring(browser, files.gitlab(files.issue(1, "Écran", **given)))
    work()
    said = plain(browser.visit(f"{path}?show=new"))
    assert "3 points (« 2,5 » dans le fichier)" in said
    assert "Awa Diallo" in said
    assert "Dates, jalons et sprints ne sont pas repris" in said
    assert "Due Date (1)" in said
    assert "Author (1)" in said
    assert "« 2,5 » n’est pas un nombre entier : ce sera 3" in plain(browser.visit(path))
    browser.submit(f"{path}/confirm", seen="1")
    work()
    changed = {"Weight": "4.5", "Assignee": ""}
    path = bring(browser, files.gitlab(files.issue(1, "Écran", **changed)))
    work()
    page = browser.visit(f"{path}?show=changed")
    cells = [words_of(cell).replace("\xa0", " ") for cell in page.select("table .kept")]
    assert cells == ["3 points", "5 points (« 4.5 » dans le fichier)", "Awa Diallo", "personne"]


def test_the_name_of_a_file_is_shown_without_its_tricks(browser, project):
    answer = send(browser, files.gitlab(), "a%0D%0Ab\u202evsc.csv")
    assert "a bvsc.csv" in plain(browser.visit(answer.location))


def test_a_word_that_means_no_kind_here_keeps_meaning_none(browser, project):
    path = bring(browser, files.gitlab(files.issue(1, "Écran", Labels="bug")))
    work()
    fields = {one["name"]: one for one in browser.visit(path).select("#choices select")}
    sent = {
        name: option["value"] if (option := one.select_one("option[selected]")) else ""
        for name, one in fields.items()
    }
    assert sent["kinds_0"] == "bug"
    browser.submit(f"{path}/choices", **sent | {"kinds_0": ""})
    work()
    assert "Besoin" in plain(browser.visit(f"{path}?show=new"))
    assert db.session.query(BacklogImport).one().choices["kinds"] == {"bug": ""}


def test_without_a_title_the_columns_are_asked_for(browser, project):
    path = bring(browser, b"Quoi;Comment\nLire;vite\n")
    page = browser.visit(path)
    assert page.select_one("#choices").has_attr("open")
    empty = {one["name"]: "" for one in page.select("#choices select")}
    page = browser.submit(f"{path}/choices", expect=422, **empty)
    assert "Choisissez la colonne du titre." in words_of(page.select_one("#column_title-messages"))
    browser.submit(f"{path}/choices", **empty | {"column_title": "0", "column_description": "1"})
    work()
    assert "Nouveaux (1)" in words_of(browser.visit(path).main)


def test_an_import_is_for_who_brought_it_while_it_lasts(browser, project, browser_for):
    path = bring(browser, files.gitlab(files.issue(1, "Écran")))
    colleague = browser_for(make.role(project.id, Role.TEAM_LEAD))
    assert colleague.open(path).status_code == 404
    coach = browser_for(make.role(project.id, Role.COACH))
    assert coach.open(f"{BACKLOG}/import").status_code == 403
    with clock.frozen_at(clock.now() + timedelta(hours=25)):
        assert browser.open(path).status_code in {303, 404}


def test_the_page_asks_the_same_whatever_the_file(browser, project, statements):
    counts = []
    for number in (1, 60):
        rows = [files.issue(n, f"Écran {n}") for n in range(number)]
        path = bring(browser, files.gitlab(*rows))
        work()
        statements.clear()
        browser.visit(path)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def take(browser, what: str):
    return browser.open(f"{BACKLOG}/{what}", method="POST")


def test_an_export_has_the_items_of_the_page_and_no_formula(browser, project):
    make.item(project, title="=HYPERLINK(1)", description="-1\nligne", points=3)
    make.item(project, title="Écran", number=700)
    make.item(project, title="Écarté", gone_at=clock.now())
    answer = take(browser, "export.csv?q=e")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[0][:4] == ["N°", "Titre", "Nature", "État"]
    assert [row[1] for row in rows[1:]] == ["'=HYPERLINK(1)", "Écran"]
    assert rows[1][8] == "'-1\nligne"
    assert rows[2][-1].endswith("/projects/heron/backlog/700")
    assert len(take(browser, "export.csv?q=écran").data.splitlines()) == 2

    book = zipfile.ZipFile(io.BytesIO(take(browser, "export.xlsx").data))
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not sheet.findall(f".//{space}f")
    assert b'name="Carnet"' in book.read("xl/workbook.xml")
    assert "=HYPERLINK(1)" in [node.text for node in sheet.iter(f"{space}t")]
    told = db.session.query(AuditEvent).filter_by(action="backlog.exported").order_by(AuditEvent.created_at)
    assert [event.facts for event in told] == [{"kind": "csv"}, {"kind": "csv"}, {"kind": "xlsx"}]


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_an_export_comes_back_unchanged_and_edited(browser, project, person, locale):
    person.locale = locale
    make.item(
        project, number=3, title="'=Lire à 200\u00a0%  «\u202fici\u00a0»", description="+1\n\nfin", points=3
    )
    make.item(project, number=4, state="blocked", block_reason="@serveur", kind="bug")
    data = take(browser, "export.csv").data
    path = bring(browser, data)
    work()
    made = db.session.query(BacklogImport).one()
    assert (made.tool, made.counts) == ("portal", {"unchanged": 2, "absent": 0})
    edited = data.replace(b"fin", b"fin.").replace(b"''=Lire", b"''=Relire")
    path = bring(browser, edited)
    work()
    browser.submit(f"{path}/confirm", seen="1")
    work()
    item = db.session.query(Item).filter_by(number=3).one()
    assert (item.title[:8], item.description) == ("'=Relire", "+1\n\nfin.")
    assert db.session.query(Item).count() == 2
