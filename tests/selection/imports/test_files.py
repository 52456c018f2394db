"""Attachments of imported applications: fetched once, checked, renewed, refused, removed."""

import pytest

from portal.collaboration.files.models import Attachment
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.transaction import get_storage
from portal.selection.imports.models import FileOutcome, ImportedFile, ImportMode
from tests.support import sources
from tests.support.dossiers import File

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@pytest.fixture
def files(site):
    site.dossiers[2].files = [File("../../étude.pdf", PDF)]
    return site.dossiers[2].files


def outcomes():
    rows = db.session.query(ImportedFile).order_by(ImportedFile.id).all()
    return [(row.name, row.outcome, row.reason) for row in rows]


def test_a_file_is_fetched_once_under_a_safe_name(files, source, site, call):
    files.append(File("étude.pdf", PDF + b"\n% other\n%%EOF\n"))  # the same name, other bytes
    assert sources.run(call).counts["files"] == 2
    rows = db.session.query(Attachment).order_by(Attachment.id).all()
    assert [row.name for row in rows] == ["étude.pdf", "étude.pdf"]
    with get_storage().open(rows[0].key) as stored:
        assert stored.read() == PDF
    asked = site.requests.count("file")
    assert sources.run(call, ImportMode.COMPLETE).counts["files"] == 0
    assert site.requests.count("file") == asked
    assert site.leaks == []


def test_an_expired_address_is_asked_again_once(files, source, site, call):
    site.expires_addresses = 1
    assert sources.run(call).counts["files"] == 1
    assert site.requests.count("readApplication") == 1


def test_an_address_that_stays_expired_waits_for_the_next_run(files, source, site, call):
    site.expires_addresses = 2
    assert sources.run(call).counts["files"] == 0
    assert (site.requests.count("file"), outcomes()[0][1]) == (2, FileOutcome.AWAY)
    assert sources.run(call, ImportMode.COMPLETE).counts["files"] == 1


def test_what_is_refused_is_listed_and_not_fetched_again(files, source, site, call, app):
    files[:] = [
        File("virus.pdf", b"MZ\x90\0" * 30),
        File("page.html", b"<html></html>"),
        File("large.pdf", PDF + b"0" * 70_000),
        File("cut.pdf", PDF, served=PDF[:20]),
        File("infected.pdf", PDF, scan="infected"),
    ]
    intake = get_service(UploadIntake, app)
    provide_service(app, UploadIntake(intake.storage, intake.clamd, 65_536, intake.allowed))
    try:
        assert sources.run(call).counts["files"] == 0
        refused = {name: outcome for name, outcome, _reason in outcomes()}
        assert refused == {
            "virus.pdf": FileOutcome.REFUSED,
            "page.html": FileOutcome.REFUSED,
            "large.pdf": FileOutcome.REFUSED,
            "cut.pdf": FileOutcome.AWAY,
        }
        asked = site.requests.count("file")
        sources.run(call, ImportMode.COMPLETE)
        assert site.requests.count("file") == asked + 1  # the one that was cut
    finally:
        provide_service(app, intake)
    assert db.session.query(Attachment).count() == 0


def test_a_file_that_the_applicant_removes_leaves(files, source, site, call):
    sources.run(call)
    site.change(1002, files=[])
    sources.run(call)
    assert [outcome for _name, outcome, _reason in outcomes()] == [FileOutcome.REMOVED]
    assert db.session.query(Attachment).filter(Attachment.removed_at.is_(None)).count() == 0
    site.change(1002, files=[File("../../étude.pdf", PDF)])
    assert sources.run(call).counts["files"] == 1
