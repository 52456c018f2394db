"""ClamAV scans files before they are stored; without its answer none is."""

from dataclasses import replace

import pytest

from portal.collaboration.files.models import Attachment
from portal.platform.kernel.database import db
from portal.platform.kernel.storage_settings import parse_clamd_url
from portal.platform.storage import scanner
from portal.platform.storage.intake import UploadIntake
from tests.support import clamd, uploads
from tests.support.uploads import send

pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


@pytest.fixture(params=["unix", "tcp"])
def fake(app, desk, monkeypatch, tmp_path, request):
    path = tmp_path / "clamd.ctl" if request.param == "unix" else None
    with clamd.listening(path) as (server, url):
        monkeypatch.setitem(app.extensions, UploadIntake, replace(desk, clamd=parse_clamd_url(url)))
        yield server


@pytest.fixture
def place(source):
    return f"/files/of/data_source/{source.id}"


def test_a_clean_file_is_seen_whole_and_kept(browser, place, fake, kept):
    data = b"a;b\n" * 50_000  # several chunks
    assert send(browser, place, data).status_code == 303
    assert fake.seen == [data]
    assert db.session.query(Attachment).one().was_scanned
    assert kept() == 1


def test_an_infected_file_is_refused_and_not_kept(browser, place, fake, kept):
    answer = send(browser, place, b"nom;note\n" + clamd.EICAR + b"\n")
    assert answer.status_code == 422
    assert "L’antivirus a reconnu un logiciel malveillant" in answer.text
    assert (db.session.query(Attachment).count(), kept()) == (0, 0)


@pytest.mark.parametrize(
    "fault",
    [
        {"answer": b"INSTREAM size limit exceeded. ERROR\0"},
        {"answer": b"stream: OK or so\0"},
        {"answer": b"\xff\xfe\0"},
        {"hangs_up": True},
        {"delay": 0.6},
    ],
)
def test_a_scanner_that_does_not_say_that_a_file_is_clean_is_away(
    *, browser, place, fake, kept, monkeypatch, fault
):
    monkeypatch.setattr(scanner, "SCAN_TIMEOUT", 0.3)
    for name, value in fault.items():
        setattr(fake, name, value)
    answer = send(browser, place, uploads.CSV)
    assert answer.status_code == 422
    assert "L’antivirus ne répond pas" in answer.text
    assert (db.session.query(Attachment).count(), kept()) == (0, 0)


def test_a_scanner_that_is_not_there_is_away_at_once(*, app, desk, browser, place, kept, monkeypatch):
    gone = parse_clamd_url("unix:///run/nowhere/clamd.ctl")
    monkeypatch.setitem(app.extensions, UploadIntake, replace(desk, clamd=gone))
    assert "L’antivirus ne répond pas" in send(browser, place, uploads.CSV).text
    assert kept() == 0
