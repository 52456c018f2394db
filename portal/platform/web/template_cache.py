"""Templates as they were compiled: once for all processes, and for each kind of page and part.

Compiling all of them takes seconds, and every process would do it again. They are kept beside the
built assets, where only who may change the code can write; where nobody can, in memory alone.
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


def fingerprint() -> str:
    """Changes with what compiles: jinja, and our filters, of which some are applied by then."""
    digest = hashlib.sha256(jinja2.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class TemplateBytecodeCache(FileSystemBytecodeCache):
    """In memory for the applications of a process, on disk for the next. A template that changed
    is compiled again: what is kept holds the digest of its source."""

    codes: ClassVar[dict[tuple[str, str], CodeType]] = {}

    def __init__(self, target: Path = TARGET) -> None:
        self._folder = target / fingerprint()
        super().__init__(str(self._folder), "%s.code")

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            with suppress(OSError, UnpicklingError):  # cut short, when a machine lost its power
                super().load_bytecode(bucket)
            self._cache_in_memory(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._cache_in_memory(bucket)
        with suppress(OSError):  # read-only, or full
            if not self._folder.is_dir():
                self._make_folder()
            super().dump_bytecode(bucket)

    def _cache_in_memory(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.codes[bucket.key, bucket.checksum] = bucket.code

    def _make_folder(self) -> None:
        """In the place of those that other code compiled."""
        for other in self._folder.parent.glob("*"):
            if other != self._folder:  # which another process may have made just now
                shutil.rmtree(other, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
