"""The text of a stored file, read by a process of its own (`extraction`) within its limits."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

import structlog

from portal.platform.storage import extraction
from portal.platform.storage.storage import ObjectMissing, Storage

log = structlog.get_logger("portal")

TIME_MAX = 30  # seconds; `extraction` bounds the processor's
ROOT = Path(__file__).resolve().parents[3]


def read_text(storage: Storage, key: str, media_type: str) -> str:
    """The text of a file; "" where it has none, is damaged, or asks for more than it may.

    Raises `StorageAway`.
    """
    try:
        with closing(storage.open(key)) as stored:
            return read_text_of(stored, media_type, key)
    except ObjectMissing:
        return ""


def reading_environment() -> dict[str, str]:
    """The variables of a process that reads files of others: no secret of ours."""
    return {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)}


def read_text_of(stored: IO[bytes], media_type: str, key: str = "") -> str:
    """The same for an open file; `key` names it in the log."""
    with TemporaryFile() as file, TemporaryFile() as output:
        copyfileobj(stored, file)
        file.seek(0)
        command = [sys.executable, "-m", extraction.__name__, media_type]
        try:
            ended = subprocess.run(  # noqa: S603  our own module, a media type of ours
                command, stdin=file, stdout=output, stderr=subprocess.DEVNULL, timeout=TIME_MAX,
                env=reading_environment(), cwd=ROOT, check=False, close_fds=True,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            log.warning("text not read", key=key, fault="time")
            return ""
        if ended.returncode:
            log.warning("text not read", key=key, fault=f"exit {ended.returncode}")
        output.seek(0)
        return output.read(extraction.OUTPUT_MAX).decode("utf-8", "ignore")
