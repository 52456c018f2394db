"""Import of results: preview, confirmation, idempotence."""

import csv
import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
import xlsxwriter
from sqlalchemy import func, select

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import Base, db
from portal.platform.tables.workbook import read_first_sheet
from portal.user_tests.rounds import import_queries as queries
from portal.user_tests.rounds.import_models import LINES_MAX, ImportedLineFingerprint, ResultsImport
from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.rounds.session_models import (
    ParticipantCodeRegister,
    ScaleAnswer,
    TaskOutcome,
    TaskResult,
    TestSession,
)
from tests.project.data_sources.test_upload import BOUNDARY, KIND
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of

P = "/projects/heron/tests"
IMPORT = f"{P}/1/import"
NAMES = ["Public", "Accord donné le", "T1 résultat", "T1 secondes", "T1 notes", "T2 résultat", "Q1"]
ONE = ["Inspecteurs", "12/03/2026", "Réussie", "45", "Légende violette", "Pas réussie", "4"]
TWO = ["", "13/03/2026", "Avec de l’aide", "1:23", "", "Pas essayée", ""]


@pytest.fixture
def project(app):
    return make.project(slug="heron", acronym="ASN")


@pytest.fixture
def person(project):
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def round_(project):
    made = tests.planned(project)
    queries.read_expected_file_content(made).groups[0].name = "Inspecteurs"
    db.session.commit()
    return made


@pytest.fixture
def browser(browser_for, person, round_):
    return browser_for(person)


def table(*rows, names=NAMES, delimiter=";") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([names, *rows])
    return text.getvalue().encode("utf-8-sig")


def send(browser, data: bytes, name: str = "seances.csv", path: str = IMPORT):
    head = f'Content-Disposition: form-data; name="results"; filename="{name}"\r\n\r\n'
    key = f'Content-Disposition: form-data; name="form_key"\r\n\r\n{uuid4().hex}\r\n'
    mark = f"--{BOUNDARY}"
    body = f"{mark}\r\n{key}{mark}\r\n{head}".encode() + data + f"\r\n{mark}--\r\n".encode()
    return browser.open(path, method="POST", data=body, content_type=KIND)


def bring(browser, data: bytes, name: str = "seances.csv") -> str:
    """Upload a file and return the path of its preview."""
    answer = send(browser, data, name)
    assert answer.status_code == 303, answer.text[:3000]
    return answer.location


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def said(page) -> str:
    return words_of(page.main).replace("\xa0", " ")


def test_from_the_template_to_sessions_and_their_figures(browser, project, round_):
    tests.propose_consent(project, round_, "en")
    page = browser.visit(IMPORT)
    assert page.find("a", href=f"{P}/1/template.xlsx")
    path = bring(browser, table(ONE, TWO))
    assert count(TestSession) == 0
    page = browser.visit(path)
    assert "2 séances à ajouter." in said(page)
    assert "T1 Avec de l’aide, T2 Pas essayée" in said(page)
    assert "Le consentement en anglais est encore le texte proposé" in said(page)
    for to, lines in (("over", 0), ("open", 2)):  # a line a language
        browser.submit(f"{P}/1/state", to=to, confirmed="1")
        for shown in (path, f"{P}/1"):  # nobody will agree to it any more
            assert said(browser.visit(shown)).count("est encore le texte proposé") == lines
    page = browser.submit(f"{path}/confirm")
    assert "2 séances importées : P1 – P2." in said(page)
    assert "2 participants" in words_of(page.find(id="results"))
    one, two = db.session.scalars(select(TestSession).order_by(TestSession.number))
    aimed = queries.read_expected_file_content(round_).groups[0]
    assert (one.target_group_id, two.target_group_id) == (aimed.id, None)
    assert (str(one.consent_on), one.code) == ("2026-03-12", "P1")
    results = db.session.scalars(select(TaskResult).where(TaskResult.session_id == one.id)).all()
    kept = {one.outcome: (one.seconds, one.notes) for one in results}
    assert kept == {TaskOutcome.SUCCESS: (45, "Légende violette"), TaskOutcome.FAILED: (None, "")}
    assert [(a.item, a.value) for a in db.session.scalars(select(ScaleAnswer))] == [(1, 4)]
    assert db.session.scalars(select(ParticipantCodeRegister.last_participant)).one() == 2
    assert count(ResultsImport) == 0
    assert "a importé des séances" in words_of(browser.visit("/projects/heron/activity").main)
    browser.visit(path, expect=404)


def test_a_wrong_line_holds_up_all_and_says_where_and_why(browser):
    wrong = ["Passants", "12/03/2026", "ok", "", "", "", "9"]
    path = bring(browser, table(ONE, wrong))
    page = browser.visit(path)
    assert "1 séance à ajouter, 1 ligne en erreur." in said(page)
    assert "« ok » n’est pas un résultat : Réussie, Avec de l’aide, Pas réussie ou Pas essayée." in said(page)
    assert "« Passants » n’est pas un public de la série : Inspecteurs, ou rien." in said(page)
    rows = page.select("table")[0].select("tbody tr")
    assert [words_of(row.find("th")) for row in rows] == ["Ligne3"] * 3
    assert not page.select(f'form[action="{path}/confirm"]')
    browser.submit(f"{path}/confirm", expect=422)
    assert count(TestSession) == 0


def test_the_same_lines_never_come_in_twice_whoever_brings_them(browser, browser_for, project):
    browser.submit(f"{bring(browser, table(ONE))}/confirm")
    other = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    path = bring(other, table(ONE, delimiter=","), "copie.csv")
    page = other.visit(path)
    assert "Rien à importer" in said(page)
    other.submit(f"{path}/confirm", expect=422)
    path = bring(browser, table(TWO, ONE))
    assert "1 séance à ajouter, 1 ligne déjà importée" in said(browser.visit(path))
    browser.submit(f"{path}/confirm")
    assert count(TestSession) == 2


def test_two_participants_who_did_the_same_are_two(browser):
    browser.submit(f"{bring(browser, table(TWO, TWO))}/confirm")
    assert count(TestSession) == 2


def test_who_withdrew_does_not_come_back_with_the_file(browser, browser_for, project):
    browser.submit(f"{bring(browser, table(ONE, TWO))}/confirm")
    other = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    waiting = bring(other, table(ONE))
    browser.submit(f"{P}/sessions/1/withdraw", form_key="k")
    other.visit(waiting, expect=404)
    assert not [row for row in everything() if "violette" in row]
    page = browser.visit(bring(browser, table(ONE, TWO)))
    assert "Rien à importer" in said(page)


def everything():
    found = []
    for one in Base.metadata.sorted_tables:
        found += [f"{one.name} {tuple(row)}" for row in db.session.execute(sa.select(one))]
    return found


def test_notes_that_look_like_contacts_are_asked_about_and_not_blocked(browser):
    row = [*ONE[:4], "Rappeler au 06 12 34 56 78", *ONE[5:]]
    path = bring(browser, table(row))
    assert "À relire" in said(browser.visit(path))
    page = browser.submit(f"{path}/confirm", expect=422)
    assert "06 12 34 56 78" in said(page)
    assert count(TestSession) == 0
    browser.submit(f"{path}/confirm", sure="y")
    assert count(TestSession) == 1


def test_lines_without_consent_stay_out(browser):
    row = ["", "", "Réussie", "", "", "", ""]
    assert "pas quand la personne a donné son accord" in said(browser.visit(bring(browser, table(row))))
    answer = send(browser, table(["Réussie"] * 2, names=["T1 résultat", "T2 résultat"]))
    assert answer.status_code == 422
    assert "partez du modèle" in answer.text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "Ce fichier est vide."),
        (b"%PDF-1.7", "pas du CSV"),
        (b"PK\x03\x04 rien", "Ce classeur ne se lit pas"),
        (table(), "aucune ligne sous ses titres"),
        (table(*[TWO] * (LINES_MAX + 1)), "plus de 200 lignes"),
        (table(ONE, names=[*NAMES[:-1], "Public"]), "est deux fois"),
        (b"a" * (2 * 1024 * 1024 + 1), "dépasse 2"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(browser, data, why):
    answer = send(browser, data)
    assert answer.status_code == 422
    assert why in answer.text.replace("\xa0", " ")
    assert count(ResultsImport) == 0


def test_the_template_comes_back_filled_as_a_workbook(browser, round_):
    answer = browser.open(f"{P}/1/template.xlsx", method="GET")
    names = read_first_sheet(answer.data, 9).records[0].cells
    assert names[:4] == ["Public", "Répétition", "Accord donné le", "T1 résultat (Trouver une lettre)"]
    assert [name for name in names if name.startswith("Q")] == [f"Q{n}" for n in range(1, 11)]
    sheet = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").decode()
    assert "Réussie,Avec de l’aide" in sheet
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet()
    page.write_row(0, 0, names)
    page.write_row(1, 0, ["Inspecteurs", "non"])
    page.write_datetime(1, 2, clock.now().replace(tzinfo=None) - timedelta(days=3))
    page.write_row(1, 3, ["Réussie", 61, 6, 0])
    book.close()
    path = bring(browser, file.getvalue(), "seances.xlsx")
    assert "1 séance à ajouter." in said(browser.visit(path))
    browser.submit(f"{path}/confirm")
    kept = db.session.scalars(select(TaskResult)).one()
    assert (kept.seconds, kept.ease, kept.errors) == (61, 6, 0)


def test_what_the_portal_exported_is_no_news_to_it(browser, round_, person):
    held = tests.session(round_, person)
    tests.result(held, tests.task(round_, 7))
    exported = browser.open(f"{P}/1/sessions.csv", method="POST", data={}).data
    page = browser.visit(bring(browser, exported))
    assert "le portail donne les codes" in said(page)


def test_a_coach_gets_the_template_and_brings_nothing_in(browser_for, project, round_):
    coach = browser_for(make.role(project.id, Role.COACH))
    assert coach.open(f"{P}/1/template.csv", method="GET").status_code == 200
    coach.visit(IMPORT, expect=403)
    assert send(coach, table(ONE)).status_code == 403
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    lead.visit(f"{P}/1/template.csv", expect=403)


def test_umux_lite_takes_answers_up_to_seven(browser, project, round_):
    round_.scale = RoundScale.UMUX_LITE
    db.session.commit()
    names = ["Consent given on", "Q1", "Q2"]
    path = bring(browser, table(["2026-03-12", "7", "6"], names=names))
    browser.submit(f"{path}/confirm")
    assert [one.value for one in db.session.scalars(select(ScaleAnswer))] == [7, 6]


def test_pressed_twice_it_comes_in_once_and_both_see_where(browser):
    path = bring(browser, table(ONE, TWO))
    sent = {"form_key": uuid4().hex}
    answers = [browser.open(f"{path}/confirm", method="POST", data=sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len({one.location for one in answers}) == 1
    assert count(TestSession) == 2


def test_a_file_that_is_forgotten_leaves_nothing(browser):
    path = bring(browser, table(ONE))
    browser.submit(f"{path}/forget")
    assert (count(ResultsImport), count(ImportedLineFingerprint), count(TestSession)) == (0, 0, 0)
