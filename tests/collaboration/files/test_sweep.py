"""The sweep deletes orphaned bytes; `flask files check` reports faults."""

import io
import os
from datetime import timedelta

import pytest

from portal.collaboration.files import sweep_jobs
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.storage_settings import parse_clamd_url
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.storage import FolderStorage, StorageAway, new_key
from tests.support import clamd
from tests.support import factories as make
from tests.support import project_file as file


@pytest.fixture
def author(project):
    return make.role(project.id, Role.TEAM_MEMBER)


def leave(desk, *, days: int) -> str:
    """Store orphaned bytes of that age; returns their key."""
    key = new_key()
    desk.storage.put(key, io.BytesIO(b"abc"), 3)
    then = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(desk.storage._path(key), (then, then))
    return key


def keys(desk) -> set[str]:
    return {stored.key for stored in desk.storage.stored()}


def test_old_bytes_without_a_row_go_and_nothing_else(project, source, author, desk, capsys):
    named = file.attachment(project, source, author)
    removed = file.attachment(project, source, author, removed_at=clock.now(), removed_by_id=author.id)
    old, young = leave(desk, days=2), leave(desk, days=0)
    for kept in (named, removed):
        then = (clock.now() - timedelta(days=9)).timestamp()
        os.utime(desk.storage._path(kept.key), (then, then))
    assert sweep_jobs.sweep_storage(desk.storage) == 2
    assert keys(desk) == {named.key, young}
    assert old not in keys(desk)
    desk.storage.delete(named.key)
    sweep_jobs.sweep_storage(desk.storage)
    assert '"event": "files missing"' in capsys.readouterr().out


def test_the_storage_given_is_swept_and_no_other(project, desk, tmp_path):
    other = FolderStorage(tmp_path / "other")
    other.put(key := new_key(), io.BytesIO(b"abc"), 3)
    then = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(other._path(key), (then, then))
    orphan = leave(desk, days=2)
    assert sweep_jobs.sweep_storage(other) == 1
    assert (list(other.stored()), keys(desk)) == ([], {orphan})


def test_nothing_goes_where_most_is_unknown(project, desk):
    """A portal started with another one's storage, or with an empty database."""
    for _ in range(sweep_jobs.UNKNOWN_MAX + 1):
        leave(desk, days=9)
    assert sweep_jobs.sweep_storage(desk.storage) == 0
    assert len(keys(desk)) == sweep_jobs.UNKNOWN_MAX + 1


def test_a_storage_that_is_away_is_swept_another_time(app, project, desk, monkeypatch):
    def away(_: FolderStorage) -> None:
        raise StorageAway("gone")

    monkeypatch.setattr(FolderStorage, "stored", away)
    assert sweep_jobs.sweep_storage(desk.storage) == 0


def check(app, *words: str) -> tuple[int, str]:
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["files", "check", *words])
    db.session.rollback()
    return done.exit_code, done.output


def test_an_operator_is_told_what_is_not_as_it_was_sent(app, project, source, author, desk):
    whole, cut, changed, gone = (
        file.attachment(project, source, author, data=b"a;%d\n" % n) for n in range(4)
    )
    assert check(app, "--deep")[0] == 0
    folder = desk.storage
    folder._path(cut.key).write_bytes(b"a")
    folder._path(changed.key).write_bytes(b"b;2\n")
    folder.delete(gone.key)
    leave(desk, days=9)
    code, said = check(app)
    assert (code, f"size: {cut.id}" in said, f"missing: {gone.id}" in said) == (1, True, True)
    assert "1 stored files are named by no row" in said
    code, said = check(app, "--deep")
    assert "files are not as they were sent: 1 changed, 1 missing, 1 size." in said
    assert str(whole.id) not in said


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_an_operator_is_told_whether_the_scanner_answers(app, desk, monkeypatch):
    with clamd.listening() as (_fake, url):
        watched = type(desk)(desk.storage, parse_clamd_url(url), desk.largest, desk.allowed)
        monkeypatch.setitem(app.extensions, UploadIntake, watched)
        assert "The scanner answers." in check(app)[1]
    code, said = check(app)
    assert (code, "the scanner does not answer" in said) == (1, True)
