"""Spooling of an upload to an unnamed temporary file, with its size and SHA-256.

The operating system deletes the file when the request ends or the process dies.
"""

import hashlib
from io import RawIOBase
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.storage.contents import FILE_FIELD


class Spool:
    """An upload meter that stores up to `largest` bytes; of a larger file it knows the size."""

    def __init__(self, folder: Path, largest: int) -> None:
        self.folder = folder
        self._digest = hashlib.sha256()
        self._file: IO[bytes] | None = None
        self._has_room = True
        self.largest = largest
        self.size = 0

    def take(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.largest or not self._has_room:
            return
        self._digest.update(piece)
        try:
            self._open_file().write(piece)
        except OSError:  # reported by `file`
            self._has_room = False

    def _open_file(self) -> IO[bytes]:
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = cast(IO[bytes], TemporaryFile(dir=self.folder))  # noqa: SIM115
        return self._file

    @property
    def file(self) -> IO[bytes]:
        """The spooled bytes. Raises `RuleBroken` when the disk was full."""
        try:
            file = self._open_file()
            file.flush()
        except OSError:
            self._has_room = False
        if not self._has_room:
            raise RuleBroken(FILE_FIELD, _("Le portail n’a plus de place pour recevoir un fichier."))
        return file

    @property
    def sha256(self) -> str:
        """The SHA-256 in hexadecimal."""
        return self._digest.hexdigest()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class SpoolWriter(RawIOBase):
    """A writable stream to a spool."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        data = bytes(piece)
        self._spool.take(data)
        return len(data)
