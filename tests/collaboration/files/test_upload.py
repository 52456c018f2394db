"""Uploads: permissions, what is stored, downloads, removals and rollbacks."""

import hashlib
import threading

import pytest
from sqlalchemy.engine import RootTransaction

from portal.collaboration.files.models import Attachment
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.spool import Spool
from tests.support import factories as make
from tests.support import project_file as file
from tests.support import uploads
from tests.support.browser import words_of
from tests.support.uploads import send

SOURCE_PAGE = "/projects/heron/file/data/1"


@pytest.fixture
def place(source):
    return f"/files/of/data_source/{source.id}"


def only() -> Attachment:
    return db.session.query(Attachment).one()


def test_a_file_is_attached_listed_given_back_and_removed_with_a_trace(browser, place, kept):
    page = browser.visit(SOURCE_PAGE)
    form = page.select_one("#files form")
    assert (form["action"], form["enctype"]) == (place, "multipart/form-data")
    assert "Aucun fichier n’est joint." in words_of(page.select_one("#files"))
    assert "20 Mo au plus." in words_of(form)
    assert "Il reste 500 Mo au projet." in words_of(browser.visit(place).select_one("#files"))

    answer = send(browser, place, uploads.CSV, "Lettres d’été.csv")
    assert answer.status_code == 303
    assert answer.location == f"{SOURCE_PAGE}#files"
    page = browser.visit(SOURCE_PAGE)
    assert words_of(page.select_one("#attachments summary")) == "Fichiers 1 fichier · joindre"
    said = words_of(page.select_one("#files"))
    assert "Lettres d’été.csv" in said
    assert "tableau CSV, 17 octets" in said
    assert "joint par Awa Diallo aujourd’hui" in said
    listed = words_of(browser.visit("/projects/heron/files").main)
    assert "17 octets sur 500 Mo" in listed
    assert "Source de données 1" in listed
    assert kept() == 1

    got = browser.open(f"/files/{only().id}", method="GET")
    assert got.data == uploads.CSV
    headers = got.headers
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"Lettres dete.csv\"; filename*=UTF-8''Lettres%20d%E2%80%99%C3%A9t%C3%A9.csv"
    )
    assert headers["Content-Security-Policy"].endswith("sandbox; frame-ancestors 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Length"] == "17"
    assert browser.open(f"/files/{only().id}/place", method="GET").location.endswith("#files")

    asked = browser.visit(f"/files/{only().id}/remove")
    assert hashlib.sha256(uploads.CSV).hexdigest() in words_of(asked.main)
    page = browser.submit(f"/files/{only().id}/remove", form_key="r")
    said = words_of(page.select_one("#files"))
    assert "supprimé par Awa Diallo aujourd’hui" in said
    assert not page.select("#files a")
    assert kept() == 0
    browser.visit(f"/files/{only().id}", expect=404)
    browser.submit(f"/files/{only().id}/remove", form_key="again")  # not recorded again
    trail = {e.action: (e.facts, e.before, e.after) for e in db.session.query(AuditEvent)}
    known = {"size": 17, "sha256": hashlib.sha256(uploads.CSV).hexdigest()}
    gone = dict.fromkeys(known)
    facts = {"name": "Lettres d’été.csv", "of": "data_source"}
    for action, before, after in (("attached", gone, known), ("removed", known, gone)):
        told = trail[f"file.{action}"]
        assert told[0].items() >= facts.items()
        assert told[1:] == (before, after)
    assert trail["file.attached"][0]["path"] == f"/files/{only().id}/place"
    feed = words_of(browser.visit("/projects/heron/activity").main)
    assert "Awa Diallo a supprimé le fichier « Lettres d’été.csv »" in feed


def test_htmx_gets_the_section_with_what_happened(browser, place):
    htmx = browser.with_htmx()
    answer = send(htmx, place, uploads.CSV)
    assert answer.location == place
    section = htmx.visit(place)
    assert words_of(section.select_one("[data-announce]")) == "« lettres.csv » est joint."
    assert section.select_one("h2[data-focus]")
    refused = send(htmx, place, b"", form_key="other")
    assert refused.status_code == 422
    assert refused.text.lstrip().startswith('<section class="folds talk" id="attachments"')
    assert "Ce fichier est vide." in refused.text


def test_a_form_that_is_sent_twice_attaches_one_file(browser, place, kept):
    first, second = (send(browser, place, uploads.CSV) for _ in range(2))
    assert first.location == second.location
    assert (db.session.query(Attachment).count(), kept()) == (1, 1)


def test_the_same_bytes_are_not_attached_to_a_thing_twice(browser, place, kept):
    send(browser, place, uploads.CSV, "a.csv")
    answer = send(browser, place, uploads.CSV, "b.csv", form_key="other")
    assert answer.status_code == 422
    assert "Le même contenu est déjà joint ici" in answer.text
    assert kept() == 1


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (None, "", "Choisissez le fichier à joindre."),
        (uploads.CSV, "", "Choisissez le fichier à joindre."),
        (b"", "a.csv", "Ce fichier est vide."),
        (b"<script>alert(1)</script>", "a.txt", "qu’un navigateur exécuterait"),
        (b"x", "../../a.odg", "ne sont pas acceptés"),
        (uploads.PDF, "a\u202efdp.csv", "donnez-lui le"),
    ],
)
def test_what_is_refused_is_refused_with_a_sentence_and_leaves_nothing(
    *, browser, place, kept, data, name, said
):
    answer = send(browser, place, data, name)
    assert answer.status_code == 422
    assert said in answer.text.replace("\xa0", " ")
    assert (db.session.query(Attachment).count(), kept()) == (0, 0)


def test_sizes_are_said_when_they_are_refused(app, browser, place, kept, monkeypatch):
    intake = get_service(UploadIntake, app)
    small = type(intake)(intake.storage, None, 2000, 3000)
    monkeypatch.setitem(app.extensions, UploadIntake, small)
    assert send(browser, place, b"a;b\n" * 400, "a.csv").status_code == 303
    answer = send(browser, place, b"a;c\n" * 501, "b.csv", form_key="b")
    assert "Ce fichier fait 2 ko ; un fichier en fait 2 ko au plus." in _plain(answer.text)
    answer = send(browser, place, b"a;d\n" * 400, "c.csv", form_key="c")
    assert "Il reste 1,4 ko aux fichiers du projet, sur 2,9 ko" in _plain(answer.text)
    assert kept() == 1
    browser.submit(f"/files/{only().id}/remove", form_key="r")
    assert send(browser, place, b"a;d\n" * 400, "c.csv", form_key="d").status_code == 303


def _plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_a_larger_file_is_not_written_down_and_a_far_larger_one_not_read(app, browser, place):
    spool = Spool(get_service(Settings, app).incoming_folder, 10)
    spool.take(b"a" * 8)
    spool.take(b"a" * 8)
    assert (spool.size, len(spool.file.read())) == (16, 0)
    spool.close()
    far = b"a;b\n" * (11 << 20)
    assert send(browser, place, far).status_code == 413


def test_whoever_only_reads_downloads_and_attaches_nothing(project, place, source, browser_for, kept):
    filed = file.attachment(project, source, make.role(project.id, Role.TEAM_MEMBER))
    coach = browser_for(make.role(project.id, Role.COACH))
    page = coach.visit(SOURCE_PAGE)
    assert not page.select("#files form")
    assert coach.open(f"/files/{filed.id}", method="GET").status_code == 200
    assert send(coach, place, uploads.CSV).status_code == 403
    for stranger in (Role.OBSERVER, Role.OPERATOR, Role.ADMINISTRATOR):
        outside = browser_for(make.holder(stranger, project))
        assert outside.open(f"/files/{filed.id}", method="GET").status_code == 404
        assert send(outside, place, uploads.CSV).status_code == 404
    assert kept() == 1


def test_a_member_who_left_and_a_project_that_stopped_attach_nothing(project, place, browser, kept):
    project.paused_on = clock.today()
    answer = send(browser, place, uploads.CSV)
    assert answer.status_code == 403
    assert "Ce projet n’est pas en cours" in answer.text
    project.paused_on = None
    db.session.query(RoleAssignment).delete()
    assert send(browser, place, uploads.CSV).status_code == 404
    assert kept() == 0


def test_a_form_without_its_token_leaves_no_byte(app, browser, place, kept):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert send(browser, place, uploads.CSV).status_code == 403
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert (db.session.query(Attachment).count(), kept()) == (0, 0)


def test_bytes_go_with_a_row_that_was_rolled_back(browser, place, kept, monkeypatch):
    def fail(*_: object) -> str:
        raise RuntimeError("after the row was written")

    monkeypatch.setattr("portal.platform.web.writes.flash", fail)
    assert send(browser, place, uploads.CSV).status_code == 500
    assert (db.session.query(Attachment).count(), kept()) == (0, 0)


def test_bytes_stay_where_nobody_knows_whether_the_row_did(browser, place, kept, monkeypatch):
    """The database may have kept a commit that failed: only the sweep deletes the bytes."""

    commit = RootTransaction.commit

    def fail(transaction: RootTransaction) -> None:
        if db.session.info.get("bytes of new rows"):
            raise TimeoutError("the server may have it, and its answer was lost")
        commit(transaction)

    monkeypatch.setattr(RootTransaction, "commit", fail)
    assert send(browser, place, uploads.CSV).status_code == 500
    monkeypatch.undo()
    assert kept() == 1


def test_several_at_once_share_the_room_and_take_no_more(app, browser_for, project, place, kept):
    usual = get_service(UploadIntake, app)
    provide_service(app, type(usual)(usual.storage, None, 2000, 3000))
    team = [browser_for(make.role(project.id, Role.TEAM_MEMBER)) for _ in range(4)]
    answers: list[int] = []

    def attach(number: int) -> None:
        with app.app_context():
            data = b"a;%d\n" % number * 350
            answers.append(send(team[number], place, data, f"{number}.csv").status_code)
            db.session.remove()

    threads = [threading.Thread(target=attach, args=(number,)) for number in range(4)]
    try:
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    finally:
        provide_service(app, usual)
    assert sorted(answers) == [303, 303, 422, 422]
    assert kept() == 2
