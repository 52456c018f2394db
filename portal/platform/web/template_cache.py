"""Bytecode cache of Jinja templates, in memory and in `build/templates`.

Reading the 285 compiled templates takes 0.06 s of CPU instead of 1.9 s for compiling them, in each
process and at each start (three runs, November 2026). The folder lies beside the built assets, with
the same write permission as the code; where it is read-only, the cache is in memory only.
"""

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError
from types import CodeType
from typing import ClassVar

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from portal.platform.web import assets

TARGET = assets.TARGET.with_name("templates")


def compilation_fingerprint() -> str:
    """A digest of Jinja's version and our filters, which compilation applies to constants."""
    digest = hashlib.sha256(jinja2.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class TemplateBytecodeCache(FileSystemBytecodeCache):
    """Shared by the applications of a process in memory, by later processes on disk.

    The key includes the digest of a template's source, so a changed template is compiled again.
    """

    codes: ClassVar[dict[tuple[str, str], CodeType]] = {}

    def __init__(self, target: Path = TARGET) -> None:
        self._folder = target / compilation_fingerprint()
        super().__init__(str(self._folder), "%s.code")

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            with suppress(OSError, UnpicklingError):  # truncated by a power failure
                super().load_bytecode(bucket)
            self._cache_in_memory(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._cache_in_memory(bucket)
        with suppress(OSError):  # read-only or full
            if not self._folder.is_dir():
                self._make_folder()
            super().dump_bytecode(bucket)

    def _cache_in_memory(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.codes[bucket.key, bucket.checksum] = bucket.code

    def _make_folder(self) -> None:
        """Create the folder and delete those of other fingerprints."""
        for folder in self._folder.parent.glob("*"):
            if folder != self._folder:  # another process may have just created it
                shutil.rmtree(folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
