"""Attached files in copies of an installation: read from its storage, a folder or a bucket, and put back.

A copy holds them as a folder of files does, so that a copy of a bucket can be restored into a folder and
the reverse. Files never change: those that are there already need not be put again.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.app.command_line.dumps import CopyRefused
from portal.platform.storage.storage import FolderStorage, ObjectMissing, Storage, StorageAway


def copy_files(storage: Storage, folder: Path) -> None:
    """Copy all files into a new folder, if there are any; those deleted meanwhile are left out.

    Raises `CopyRefused` when the storage does not answer, `OSError` when the folder cannot be written.
    """
    with _convert_storage_errors():
        for stored in storage.stored():
            path = folder / stored.key[:2] / stored.key
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(ObjectMissing), storage.open(stored.key) as source, path.open("xb") as copy:
                shutil.copyfileobj(source, copy)
            if path.exists():
                os.utime(path, (stored.at.timestamp(), stored.at.timestamp()))


def require_no_other_files(storage: Storage, folder: Path) -> None:
    """Check that a storage answers and holds no file but those of a copy. Raises `CopyRefused`."""
    keys = {stored.key for stored in FolderStorage(folder).stored()}
    with _convert_storage_errors():
        storage.check()
        others = sum(stored.key not in keys for stored in storage.stored())
    if others:
        raise CopyRefused(f"The storage of files is not empty: {others} files are not of the copy.")


def restore_files(storage: Storage, folder: Path) -> int:
    """Put the files of a folder where they are not yet, and return how many; it may be called again.

    Raises `CopyRefused` when the storage does not answer.
    """
    copied, count = FolderStorage(folder), 0
    with _convert_storage_errors():
        present = {(stored.key, stored.size) for stored in storage.stored()}
        for stored in copied.stored():
            if (stored.key, stored.size) not in present:
                with copied.open(stored.key) as source:
                    storage.put(stored.key, source, stored.size)
                count += 1
    return count


@contextmanager
def _convert_storage_errors() -> Iterator[None]:
    try:
        yield
    except StorageAway as away:
        raise CopyRefused(f"The storage of files does not answer: {away}.") from None
