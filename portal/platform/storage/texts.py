"""The text of a stored file, read by a process of its own (`extraction`) within its limits."""

import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

import structlog

from portal.platform.kernel.child_processes import ROOT, build_child_environment
from portal.platform.storage import extraction
from portal.platform.storage.extraction import UnreadReason
from portal.platform.storage.storage import ObjectMissing, Storage

log = structlog.get_logger("portal")

TIME_MAX = 30  # seconds; `extraction` bounds the processor's


_REASONS = {status: reason for reason, status in extraction.STATUSES.items()}


@dataclass(frozen=True)
class FileText:
    """What was read of a file, "" for nothing; why something was left out, None for a whole text."""

    text: str = ""
    unread_because: UnreadReason | None = None


def read_text(storage: Storage, key: str, media_type: str) -> FileText:
    """The text of a file. Raises `StorageAway`."""
    try:
        with closing(storage.open(key)) as stored:
            return read_text_of_open_file(stored, media_type, key)
    except ObjectMissing:
        return FileText(unread_because=UnreadReason.DAMAGED)


def read_text_of_open_file(stored: IO[bytes], media_type: str, key: str = "") -> FileText:
    """The same for an open file; `key` names it in the log."""
    with TemporaryFile() as file, TemporaryFile() as output:
        copyfileobj(stored, file)
        file.seek(0)
        command = [sys.executable, "-m", extraction.__name__, media_type]
        try:
            ended = subprocess.run(  # noqa: S603  our own module, a media type of ours
                command, stdin=file, stdout=output, stderr=subprocess.DEVNULL, timeout=TIME_MAX,
                env=build_child_environment(), cwd=ROOT, check=False, close_fds=True,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            log.warning("text not read", key=key, fault="time")
            return FileText(unread_because=UnreadReason.SLOW)
        output.seek(0)
        text = output.read(extraction.OUTPUT_MAX).decode("utf-8", "ignore")
    reason = _find_unread_reason(ended.returncode)
    if reason:
        log.warning("text not read", key=key, fault=reason.value, exit=ended.returncode)
    return FileText(text, reason)


def _find_unread_reason(status: int) -> UnreadReason | None:
    """Why a process left something out: a negative status is that of one which its limits ended."""
    if status <= 0:
        return UnreadReason.SLOW if status else None
    return _REASONS.get(status, UnreadReason.DAMAGED)
