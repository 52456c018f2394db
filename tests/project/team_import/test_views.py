"""Import of teams: what is shown first, what is created, and what is left as it was."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.people.programmes.models import Invitation
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project, ProjectTrack
from tests.project.data_sources.test_upload import BOUNDARY, KIND
from tests.support import factories as make
from tests.support.browser import words_of

HERE = "/programmes/ami/projects/import"
CONFIRM = f"{HERE}/confirm"
LINES = (
    "Organisation;Nom court;Titre en français;Volets;Courriel du porteur;Courriels des membres\n"
    "Office des forêts;ONF;Lire les forêts;Technique;ana@ex.fr;ben@ex.fr, cleo@ex.fr\n"
    "Douanes;;Trier les colis;;;\n"
)
WRONG = "Organisation;Titre\nOffice des forêts;Lire\nDouanes;\n"


@pytest.fixture
def programme(app):
    made = make.programme(slug="ami", starts_on=date(2026, 1, 5))
    make.track(made, key="technique")
    return made


@pytest.fixture
def lead(programme, browser_for):
    return browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))


def teams() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(Project.organisation)))


def test_checking_writes_nothing_and_says_what_would_be_created(lead):
    page = lead.submit(HERE, lines=LINES)
    assert teams() == []
    assert "2 équipes seraient créées, et 3 courriels d’invitation partiraient." in words_of(page)
    assert page.find("button", string="Créer 2 équipes")
    assert page.find("textarea", {"name": "lines"}).text.strip() == LINES.strip()


def test_the_checked_lines_become_teams_with_their_people(lead):
    page = lead.submit(CONFIRM, lines=LINES)
    assert "2 équipes créées. 3 personnes invitées." in words_of(page)
    assert teams() == ["Douanes", "Office des forêts"]
    project = db.session.scalars(sa.select(Project).where(Project.acronym == "ONF")).one()
    offers = db.session.execute(
        sa.select(Invitation.email, Invitation.role).where(Invitation.scope_id == project.id)
    )
    assert dict(offers.all()) == {
        "ana@ex.fr": Role.TEAM_LEAD,
        "ben@ex.fr": Role.TEAM_MEMBER,
        "cleo@ex.fr": Role.TEAM_MEMBER,
    }
    tracks = sa.select(sa.func.count()).where(ProjectTrack.project_id == project.id)
    assert db.session.scalar(tracks) == 1


def test_a_table_with_a_fault_promises_nothing(lead):
    page = words_of(lead.submit(HERE, lines=LINES + ";;Sans organisation;;;;;;;;\n"))
    assert "Rien ne serait créé en l’état" in page
    assert "seraient créées" not in page
    assert "Douanes" in page  # among the lines without a fault


@pytest.mark.parametrize("key", ["same", None])
def test_a_table_imported_twice_makes_each_team_once(lead, key):
    typed = {"form_key": key, "lines": LINES}
    lead.submit(CONFIRM, **typed)
    lead.submit(CONFIRM, **typed, expect=200 if key else 422)
    assert teams() == ["Douanes", "Office des forêts"]


def test_a_longer_table_creates_only_what_is_new(lead):
    lead.submit(CONFIRM, lines=LINES)
    page = lead.submit(HERE, lines=LINES + "Météo;;Voir la grêle;;;\n")
    assert "1 équipe serait créée, sans invitation." in words_of(page)
    assert "laissées de côté : Office des forêts, Douanes." in words_of(page)
    said = "3 personnes ne sont pas invitées, leur équipe existe déjà : ana@ex.fr, ben@ex.fr, cleo@ex.fr."
    assert said in words_of(page)


def test_the_preview_names_whom_it_would_invite(lead):
    assert "ana@ex.fr, ben@ex.fr, cleo@ex.fr" in words_of(lead.submit(HERE, lines=LINES).table)


def test_a_wrong_line_is_named_and_nothing_is_created(lead):
    page = lead.submit(HERE, lines=WRONG)
    row = next(row for row in page.find_all("tr") if "Cette cellule est vide" in row.text)
    assert "3" in words_of(row)
    assert "Titre en français" in words_of(row)
    assert not page.find("button", string="Créer 1 équipe")
    page = lead.submit(CONFIRM, lines=WRONG, expect=422)
    assert "rien n’est créé tant qu’il en reste" in words_of(page)
    assert page.find("textarea", {"name": "lines"}).text.strip() == WRONG.strip()
    assert teams() == []


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("", "Choisissez un fichier, ou collez des lignes"),
        ("Organisation;Sigle\nONF;F\n", "Il manque la colonne « Titre en français »"),
        ("Organisation;Titre;Projet\nONF;F;G\n", "La colonne « Projet » est deux fois"),
        ("Organisation;Titre\n", "Il n’y a aucune ligne sous les noms des colonnes"),
        ('Organisation;Titre\nONF;"F\n', "un guillemet y est ouvert"),
        ("Organisation;Titre\n" + "ONF;F\n" * 201, "plus de 200 lignes"),
    ],
)
def test_an_unreadable_table_says_why_and_keeps_the_text(lead, lines, why):
    page = lead.submit(HERE, lines=lines, expect=422)
    assert why in words_of(page)
    assert page.find("textarea", {"name": "lines"}).text.strip() == lines.strip()
    assert teams() == []


def send_file(lead, data):
    head = 'Content-Disposition: form-data; name="table"; filename="equipes.csv"\r\n\r\n'
    body = f"--{BOUNDARY}\r\n{head}".encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
    return lead.open(HERE, method="POST", data=body, content_type=KIND)


@pytest.mark.parametrize("data", [b"\xff\xfea", "équipe;é".encode()[:-1]])
def test_a_file_cut_within_a_character_is_refused_in_words(lead, data):
    answer = send_file(lead, data)
    assert answer.status_code == 422
    assert "Exportez-le en UTF-8" in answer.text


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_of_a_spreadsheet_is_read_and_stands_in_the_field(lead, encoding):
    answer = send_file(lead, LINES.encode(encoding))
    assert "2 équipes seraient créées" in answer.text
    assert "Office des forêts;ONF" in answer.text


def test_the_model_names_the_columns_that_the_import_reads(lead):
    names = lead.open(f"{HERE}/model.csv").get_data().decode("utf-8-sig").strip()
    page = lead.submit(HERE, lines=f"{names}\nONF;;Lire;;;;;;;;\n")
    assert "1 équipe serait créée" in words_of(page)
    assert "Colonnes laissées de côté" not in words_of(page)
