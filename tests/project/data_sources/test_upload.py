"""Uploads of samples: measured while streamed, never stored, accepted by one endpoint only."""

import hashlib
import io

import pytest
from bs4 import BeautifulSoup
from werkzeug import formparser

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.web.uploads import UploadEndpoint
from portal.project.data_sources.models import DataSource
from portal.project.data_sources.sample_rules import SAMPLE_MAX, CsvMeter
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.browser import words_of

SAMPLE = "/projects/heron/file/data/1/sample"
CSV = b'nom;note\r\n"Lettre ""A""";"deux\nlignes"\r\nLettre B;3\r\n'


@pytest.fixture
def project(app):
    made = make.project(slug="heron")
    file.source(made)
    return made


@pytest.fixture
def browser(project, browser_for):
    return browser_for(make.role(project.id, Role.TEAM_MEMBER))


BOUNDARY = "fuzz-boundary"
KIND = f"multipart/form-data; boundary={BOUNDARY}"


def body_of(typed: dict[str, object], data: bytes, *names: str) -> bytes:
    """Return the multipart body of a form with files, as a browser writes it."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in typed.items()]
    head = 'name="csv"; filename="{0}"\r\nContent-Type: text/csv\r\n\r\n'
    parts += [head.format(name).encode() + data for name in names]
    around = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(around + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def send(browser, data: bytes, *names: str, path: str = SAMPLE, **more: object):
    typed = {"sample_on": "2026-03-09", "has_header": "y", "version": "1"} | more
    sent = {name: value for name, value in typed.items() if value is not None}
    body = body_of(sent, data, *(names or ("lettres.csv",)))
    return browser.open(path, method="POST", data=body, content_type=KIND)


def test_a_sample_is_measured_and_not_kept(project, browser, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened to keep it")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(formparser, name, refuse, raising=False)
    assert send(browser, CSV * 20_000).status_code == 303
    source = db.session.query(DataSource).one()
    assert source.sample_rows == 3 * 20_000 - 1
    assert source.sample_sha256 == hashlib.sha256(CSV * 20_000).hexdigest()
    assert source.sample_measured
    said = words_of(browser.visit(SAMPLE.removesuffix("/sample")).main)
    assert "59 999 lignes" in said.replace("\u202f", " ")
    assert "qui n’a pas gardé le fichier" in said


def test_without_a_header_every_record_is_a_row(project, browser):
    send(browser, CSV, has_header=None)
    assert db.session.query(DataSource).one().sample_rows == 3


def test_its_measures_may_be_typed(project, browser):
    digest = hashlib.sha256(CSV).hexdigest()
    typed = {"sample_rows": "2", "sha256": f" {digest.upper()} ", "sample_on": "2026-03-09"}
    page = browser.submit(SAMPLE, **typed, version="1")
    assert "Tapée par l’équipe." in words_of(page.main)
    assert db.session.query(DataSource).one().sample_sha256 == digest


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04\x00\x00", "n’est pas du CSV"),
        (b"", "n’est pas du CSV"),
        ("nom\nÉté\n".encode("utf-16"), "n’est pas du CSV"),
        (b'a;"b\nc', "jamais fermé"),
    ],
)
def test_what_is_no_csv_is_refused_with_a_sentence(project, browser, data, said):
    answer = send(browser, data)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(DataSource).one().sample_rows is None


def test_neither_a_file_nor_its_measures_is_asked_for(project, browser):
    page = browser.submit(SAMPLE, expect=422, sample_on="2026-03-09", version="1")
    assert "Choisissez un fichier" in words_of(page.select_one("#csv-messages"))


def test_what_is_too_large_is_said_beside_the_field_and_what_was_typed_is_kept(project, browser):
    typed = {"sample_on": "2026-02-03", "sample_rows": "12", "sha256": "ab" * 32}
    answer = send(browser, b"a;b\n" * (SAMPLE_MAX // 4 + 300_000), **typed)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    said = words_of(page.select_one("#csv-messages"))
    assert said.startswith("Ce fichier fait 21,1 Mo, et le portail en mesure 20 Mo au plus.")
    assert {name: page.select_one(f"#{name}")["value"] for name in typed} == typed
    assert db.session.query(DataSource).one().sample_rows is None


def test_the_form_says_how_large_before_anything_is_sent(project, browser):
    field = browser.visit(SAMPLE).select_one("#csv")
    assert field["data-largest"] == str(SAMPLE_MAX)
    assert "Ce fichier fait {size}, et le portail en mesure" in field["data-too-large"]


def test_what_is_far_too_large_is_not_read(app, project, browser, monkeypatch):
    narrow = UploadEndpoint(1000, CsvMeter)
    monkeypatch.setitem(app.extensions["upload_endpoints"], "data_sources.note_sample", narrow)
    answer = send(browser, b"a;b\n" * 20_000)
    assert answer.status_code == 413
    assert "Envoi trop volumineux" in answer.text


def test_the_largest_that_is_let_in_is_read(project, browser):
    assert send(browser, b"a;b\n" * (SAMPLE_MAX // 4)).status_code == 303
    assert db.session.query(DataSource).one().sample_rows == SAMPLE_MAX // 4 - 1


@pytest.mark.parametrize(
    "path", ["/projects/heron/file/data/new", "/projects/heron/sprints/plan", "/profile"]
)
def test_no_other_door_takes_a_file(project, browser, path):
    assert send(browser, CSV, path=path).status_code == 400


def test_one_file_comes_in_at_a_time(project, browser):
    assert send(browser, CSV, "a.csv", "b.csv").status_code == 400


def test_the_door_is_open_to_posts_alone(project, browser):
    body = body_of({}, CSV, "lettres.csv")
    answer = browser.open(SAMPLE, method="PUT", data=body, content_type=KIND)
    assert answer.status_code in {400, 405}


class _Unread(io.BytesIO):
    def read(self, *_: object) -> bytes:
        raise AssertionError("the body of a stranger was read")

    readline = readinto = readlines = read


def test_nothing_of_a_strangers_file_is_read(project, app):
    answer = app.test_client().post(
        SAMPLE,
        input_stream=_Unread(b"--x\r\n"),
        content_type="multipart/form-data; boundary=x",
        content_length=1000,
    )
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")


def test_text_beside_the_file_is_held_to_the_usual_rules(project, browser):
    assert send(browser, CSV, sha256="a\0b").status_code == 400


def test_who_only_reads_is_refused(project, browser_for):
    coach = browser_for(make.role(project.id, Role.COACH))
    assert send(coach, CSV).status_code == 403
    assert db.session.query(DataSource).one().sample_rows is None
