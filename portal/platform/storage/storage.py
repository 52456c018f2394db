"""Where the bytes of files are kept, outside of the database: a folder, or a bucket (`bucket.py`).

Bytes are kept under a key that tells nothing, before the row that names them is; they are never
changed. Keys are made here, so that no name of anybody's ever becomes a path.
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
PARTIAL = ".part"  # what a stopped process leaves of bytes that it was writing


class StorageAway(Exception):
    """The storage does not answer, or has no room."""


class StorageRefused(StorageAway):
    """Waiting does not help: it is not there, not ours, or not to be written to."""


class ObjectMissing(Exception):
    """The storage holds nothing under a key."""


@dataclass(frozen=True)
class StoredObject:
    """`size` in bytes; `at`: since when."""

    key: str
    size: int
    at: datetime


class Storage(Protocol):
    """Each of these raises `StorageAway` when it cannot be done."""

    def put(self, key: str, source: IO[bytes], size: int) -> None:
        """Keep all of a source, or nothing; what it returned from is on the disk."""

    def open(self, key: str) -> IO[bytes]:
        """Raises `Missing`. The caller closes it."""

    def delete(self, key: str) -> None:
        """Nothing happens where nothing is."""

    def stored(self) -> Iterator[StoredObject]:
        """Everything that is kept, in no order."""

    def clear_partial(self, before: datetime) -> int:
        """Delete what was left of writing before a moment; how many."""

    def check(self) -> None:
        """Raises `StorageRefused` where it is not there, or takes nothing of ours."""


def new_key() -> str:
    return secrets.token_hex(KEY_LENGTH // 2)


def is_key(name: str) -> bool:
    return _KEY.fullmatch(name) is not None


class FolderStorage:
    """Files below a folder of this machine, in at most 256 folders."""

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
                raise OSError(0, "not all of it was there")
            partial.rename(target)
            for folder in (target.parent, self.root):
                _sync(folder)
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
                with suppress(FileNotFoundError):  # deleted since the folder was read
                    about = path.stat()
                    at = datetime.fromtimestamp(about.st_mtime, UTC)
                    yield StoredObject(path.name, about.st_size, at)

    def clear_partial(self, before: datetime) -> int:
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


def _sync(folder: Path) -> None:
    """What a folder says of its files, on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
