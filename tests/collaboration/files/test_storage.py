"""Storages of bytes: a folder, and a bucket of an S3 server."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.storage_settings import parse_files_url
from portal.platform.storage.bucket import BucketStorage
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.storage import (
    FolderStorage,
    ObjectMissing,
    Storage,
    StorageAway,
    StorageRefused,
    new_key,
)
from tests.support import server, uploads
from tests.support.buckets import bucket_at, serve_bucket
from tests.support.uploads import send


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    yield from serve_bucket()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FolderStorage | BucketStorage]:
    if request.param == "folder":
        yield FolderStorage(tmp_path / "files")
        return
    kept = bucket_at(request.getfixturevalue("s3") + "/attached/portal")
    yield kept
    for each in list(kept.stored()):
        kept.delete(each.key)
    kept._client.close()


def test_bytes_are_kept_found_listed_and_deleted(storage):
    storage.check()
    data, key = os.urandom(200_000), new_key()
    storage.put(key, io.BytesIO(data), len(data))
    with storage.open(key) as found:
        assert found.read() == data
    (one,) = storage.stored()
    assert (one.key, one.size) == (key, len(data))
    assert abs(one.at - clock.now()) < timedelta(minutes=1)
    storage.delete(key)
    storage.delete(key)  # idempotent
    assert list(storage.stored()) == []
    with pytest.raises(ObjectMissing):
        storage.open(key)
    for name in ("../etc/passwd", "", "A" * 32):
        with pytest.raises(ValueError, match="made by new_key"):
            storage.open(name)


def test_a_folder_keeps_all_or_nothing(tmp_path):
    folder = FolderStorage(tmp_path / "files")

    class Cut(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(28, "No space left on device")

    for source, size in ((Cut(b"abc"), 3), (io.BytesIO(b"abc"), 4)):
        with pytest.raises(StorageAway):
            folder.put(new_key(), source, size)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    left = tmp_path / "files/ab/.abc.part"
    left.parent.mkdir()
    left.touch()
    assert folder.delete_partial_files(clock.now() - timedelta(days=1)) == 0
    assert folder.delete_partial_files(clock.now() + timedelta(minutes=1)) == 1
    assert list(folder.stored()) == []


def test_a_place_that_takes_nothing_is_refused_and_one_that_is_away_may_come_back(tmp_path, s3):
    (tmp_path / "file").touch()
    with pytest.raises(StorageRefused):
        FolderStorage(tmp_path / "file").check()
    with pytest.raises(StorageRefused, match="there is no bucket nowhere"):
        BucketStorage(parse_files_url(f"{s3}/nowhere")).check()
    away = BucketStorage(parse_files_url("s3+http://a:b@127.0.0.1:1/attached"))
    with pytest.raises(StorageAway) as fault:
        away.put(new_key(), io.BytesIO(b"a"), 1)
    assert not isinstance(fault.value, StorageRefused)


def test_a_portal_that_cannot_keep_files_does_not_start(tmp_path):
    (tmp_path / "files").touch()
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"],
        env=server.variables(tmp_path),
        cwd=server.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert f"Attached files cannot be kept: {tmp_path}/files" in done.stderr


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_portal_with_a_bucket_attaches_and_gives_back(*, app, desk, source, browser, monkeypatch, s3):
    bucket = BucketStorage(parse_files_url(f"{s3}/attached"))
    monkeypatch.setitem(app.extensions, Storage, bucket)
    monkeypatch.setitem(app.extensions, UploadIntake, type(desk)(bucket, None, 5000, 9000))
    assert send(browser, f"/files/of/data_source/{source.id}", uploads.CSV).status_code == 303
    (stored,) = bucket.stored()
    link = browser.visit("/projects/heron/files").select_one("a[download]")
    assert browser.open(link["href"], method="GET").data == uploads.CSV
    bucket.delete(stored.key)
    browser.visit(link["href"], expect=404)
    monkeypatch.setitem(
        app.extensions,
        UploadIntake,
        type(desk)(BucketStorage(parse_files_url("s3+http://a:b@127.0.0.1:1/gone")), None, 5000, 9000),
    )
    page = browser.visit(link["href"], expect=503)
    assert "Ce fichier est momentanément indisponible" in page.text
    refused = send(browser, f"/files/of/data_source/{source.id}", b"x;y\n", form_key="other")
    assert "n’a pas pu être gardé" in refused.text
    bucket._client.close()
