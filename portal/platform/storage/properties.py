"""Who made a file, by its own properties: the authors of office documents and of PDF files.

They are rewritten by a function of text, part by part; the rest of the file stays as it is. PDF files
are read and written by a process of their own (`pdf_properties`), within the limits of `extraction`.
"""

import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from html import escape, unescape
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

import structlog

from portal.platform.kernel.child_processes import ROOT, build_child_environment
from portal.platform.storage import extraction, pdf_properties
from portal.platform.storage.texts import TIME_MAX

log = structlog.get_logger("portal")

PART_MAX = 64 << 20  # bytes of a part of an office document
Rewrite = Callable[[str], str]

_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, subprocess.SubprocessError),
    *(OSError, ValueError, RuntimeError, EOFError),
)
_OFFICE = ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.")
_PROPERTIES = re.compile(r"docProps/[^/]+\.xml|meta\.xml")
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
# Authors of comments and of changes, in whatever part.
_AUTHORS = re.compile(
    r"""(?<=author=")[^"]+|(?<=displayName=")[^"]+|(?<=userId=")[^"]+|(?<=initials=")[^"]+"""
    r"|(?<=author>)[^<>]+|(?<=creator>)[^<>]+"
)
_COMMENT_AUTHORS = re.compile(r"""(?<= name=")[^"]+""")  # in `commentAuthors.xml` of slides


def rewrite_properties(source: IO[bytes], target: IO[bytes], media_type: str, rewrite: Rewrite) -> bool:
    """Write a file anew with its properties rewritten; returns False, with nothing written, where
    these stay the same, cannot be read, or do not exist."""
    try:
        if media_type.startswith(_OFFICE):
            return _rewrite_office(source, target, rewrite)
        return media_type == extraction.PDF and _rewrite_pdf(source, target, rewrite)
    except _UNREADABLE as fault:
        log.warning("properties not read", fault=type(fault).__name__)
        return False


def _rewrite_office(source: IO[bytes], target: IO[bytes], rewrite: Rewrite) -> bool:
    with zipfile.ZipFile(source) as old:
        changed = dict(_map_changed_parts(old, rewrite))
        if not changed:
            return False
        with zipfile.ZipFile(target, "w") as new:
            for part in old.infolist():
                data = changed.get(part.filename)
                new.writestr(part, old.read(part) if data is None else data.encode())
    return True


def _map_changed_parts(archive: zipfile.ZipFile, rewrite: Rewrite) -> Mapping[str, str]:
    changed = {}
    for part in archive.infolist():
        if not part.filename.endswith(".xml") or part.file_size > PART_MAX:
            continue
        text = archive.read(part).decode("utf-8", "surrogateescape")
        new = _rewrite_xml(part.filename, text, rewrite)
        if new != text:
            changed[part.filename] = new
    return changed


def _rewrite_xml(name: str, text: str, rewrite: Rewrite) -> str:
    def replace(match: re.Match[str]) -> str:
        plain = unescape(match[0])
        new = rewrite(plain)
        return match[0] if new == plain else escape(new)

    text = (_TEXT if _PROPERTIES.fullmatch(name) else _AUTHORS).sub(replace, text)
    return _COMMENT_AUTHORS.sub(replace, text) if name.endswith("commentAuthors.xml") else text


def _rewrite_pdf(source: IO[bytes], target: IO[bytes], rewrite: Rewrite) -> bool:
    with (
        TemporaryFile() as file,
        TemporaryFile() as listed,
        TemporaryFile() as changes,
        TemporaryFile() as anew,
    ):
        copyfileobj(source, file)
        _run_property_process(file, listed)
        texts = json.loads(listed.read() or b"[]")
        changed = {text: new for text in texts if (new := rewrite(text)) != text}
        if not changed:
            return False
        changes.write(json.dumps(changed).encode())
        changes.seek(0)
        _run_property_process(file, anew, changes)
        copyfileobj(anew, target)
    return True


def _run_property_process(file: IO[bytes], output: IO[bytes], changes: IO[bytes] | None = None) -> None:
    """List the properties of a PDF, or write it with `changes`. Raises `CalledProcessError`."""
    file.seek(0)
    numbers = [changes.fileno()] if changes else []
    subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", pdf_properties.__name__, *map(str, numbers)], stdin=file, stdout=output,
        stderr=subprocess.DEVNULL, timeout=TIME_MAX, env=build_child_environment(), cwd=ROOT,
        check=True, pass_fds=numbers,
    )  # fmt: skip
    output.seek(0)
