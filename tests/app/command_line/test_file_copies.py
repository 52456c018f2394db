"""Files of an installation in its copies: none where the storage is away, put back in several goes."""

import io
from pathlib import Path

import pytest

from portal.app.command_line.dumps import CopyRefused
from portal.app.command_line.file_copies import copy_files, require_no_other_files, restore_files
from portal.platform.kernel.services import get_service
from portal.platform.storage.storage import FolderStorage, Storage, StorageAway, new_key


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    """A storage with three files whose text is their key."""
    storage = FolderStorage(tmp_path / "files")
    for key in (new_key() for _ in range(3)):
        storage.put(key, io.BytesIO(key.encode()), len(key))
    return storage


def away(_storage: object) -> None:
    raise StorageAway("EndpointConnectionError")


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_storage_that_is_away_makes_no_copy(app, tmp_path, monkeypatch):
    monkeypatch.setattr(FolderStorage, "stored", away)
    done = app.test_cli_runner().invoke(args=["backup", "create", str(tmp_path)])
    assert done.exit_code == 1
    assert "The storage of files does not answer: EndpointConnectionError" in done.output
    assert list(tmp_path.iterdir()) == []


def test_files_go_back_where_a_restore_was_cut(storage, tmp_path, monkeypatch):
    folder, target = tmp_path / "copied", FolderStorage(tmp_path / "other")
    copy_files(storage, folder)
    put, left = target.put, iter(range(1))

    def put_once(*given: object) -> None:
        if next(left, None) is None:
            raise StorageAway("full")
        put(*given)

    monkeypatch.setattr(target, "put", put_once)
    with pytest.raises(CopyRefused, match="full"):
        restore_files(target, folder)
    monkeypatch.undo()
    assert len(list(target.stored())) == 1
    require_no_other_files(target, folder)
    restore_files(target, folder)
    keys = {stored.key for stored in storage.stored()}
    assert {stored.key for stored in target.stored()} == keys
    for key in keys:
        with target.open(key) as file:
            assert file.read() == key.encode()


def test_a_folder_of_files_is_put_where_the_installation_has_its_own(app, storage):
    for count in (3, 0):
        done = app.test_cli_runner().invoke(args=["files", "put", str(storage.root)])
        assert (done.exit_code, done.output) == (0, f"{count} files put.\n")
    own = {stored.key for stored in get_service(Storage).stored()}
    assert {stored.key for stored in storage.stored()} <= own


def test_files_that_are_not_of_the_copy_are_refused(storage, tmp_path):
    copy_files(storage, tmp_path / "copied")
    other = new_key()
    storage.put(other, io.BytesIO(b"x"), 1)
    with pytest.raises(CopyRefused, match="not empty: 1 files"):
        require_no_other_files(storage, tmp_path / "copied")


def test_a_file_deleted_while_it_is_copied_is_left_out(storage, tmp_path, monkeypatch):
    first, *others = list(storage.stored())
    opened = storage.open

    def open_later(key: str) -> object:
        storage.delete(first.key)
        return opened(key)

    monkeypatch.setattr(storage, "open", open_later)
    copy_files(storage, tmp_path / "copied")
    copied = {stored.key for stored in FolderStorage(tmp_path / "copied").stored()}
    assert copied == {stored.key for stored in others}
