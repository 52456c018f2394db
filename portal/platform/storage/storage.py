"""Storage of files' bytes outside of the database: a folder, or a bucket (`bucket.py`).

Bytes are stored under a random key, before the row that refers to them, and never change. No name
given by a person becomes a path.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Protocol

KEY_LENGTH = 32
_KEY = re.compile(f"[0-9a-f]{{{KEY_LENGTH}}}")
PARTIAL = ".part"  # suffix of files that are being written


class StorageAway(Exception):
    """The storage does not answer or is full."""


class StorageRefused(StorageAway):
    """A lasting failure: the storage is missing or not writable."""


class ObjectMissing(Exception):
    """There is no object with this key."""


@dataclass(frozen=True)
class StoredObject:
    """A stored object: `size` in bytes, `at` its modification time."""

    key: str
    size: int
    at: datetime


class Storage(Protocol):
    """The interface of storages. Each method raises `StorageAway`."""

    def put(self, key: str, source: IO[bytes], size: int) -> None:
        """Store the whole source durably, or nothing."""

    def open(self, key: str) -> IO[bytes]:
        """A stream of the bytes, closed by the caller. Raises `ObjectMissing`."""

    def delete(self, key: str) -> None:
        """Delete an object; no effect when it is missing."""

    def stored(self) -> Iterator[StoredObject]:
        """Yield all objects, in no order."""

    def delete_partial_files(self, before: datetime) -> int:
        """Delete partial files older than a moment; returns their number."""

    def check(self) -> None:
        """Raise `StorageRefused` when the storage is missing or not writable."""


def new_key() -> str:
    return secrets.token_hex(KEY_LENGTH // 2)


def is_key(name: str) -> bool:
    return _KEY.fullmatch(name) is not None


class FolderStorage:
    """Files in up to 256 subfolders of a local folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, source: IO[bytes], size: int) -> None:
        target = self._path(key)
        partial = target.with_name(f".{key}{PARTIAL}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            source.seek(0)
            with partial.open("xb") as file:
                copyfileobj(source, file)
                file.flush()
                os.fsync(file.fileno())
            if partial.stat().st_size != size:
                raise OSError(0, "incomplete source")
            partial.rename(target)
            for folder in (target.parent, self.root):
                _sync_folder(folder)
        except OSError as refused:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
                target.unlink(missing_ok=True)
            raise StorageAway(refused.strerror) from None

    def open(self, key: str) -> IO[bytes]:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise ObjectMissing from None
        except OSError as refused:
            raise StorageAway(refused.strerror) from None

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as refused:
            raise StorageAway(refused.strerror) from None

    def stored(self) -> Iterator[StoredObject]:
        for path in self.root.glob("??/*"):
            if is_key(path.name):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    stat = path.stat()
                    at = datetime.fromtimestamp(stat.st_mtime, UTC)
                    yield StoredObject(path.name, stat.st_size, at)

    def delete_partial_files(self, before: datetime) -> int:
        cleared = 0
        for path in self.root.glob(f"??/.*{PARTIAL}"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    cleared += 1
        return cleared

    def check(self) -> None:
        key = new_key()
        probe = self.root / f".{key}{PARTIAL}"
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe.touch(exist_ok=False)
            probe.unlink()
        except OSError as refused:
            raise StorageRefused(f"{self.root}: {refused.strerror}") from None

    def _path(self, key: str) -> Path:
        if not is_key(key):
            raise ValueError("a key is made by new_key")
        return self.root / key[:2] / key


def _sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
