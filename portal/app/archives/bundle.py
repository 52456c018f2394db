"""The format of an archive: a ZIP that holds its own list of contents, and its part of the trail.

- `index.html`, `html/<slug>.html`: to be read in a browser, without the portal;
- `data/<table>.json`: every row, and `people.json`: the names behind ids;
- `files/<id>/<name>`: attached files;
- `trail.jsonl`: a line of the trail a line, with the number and hash of its seal, and the hash of
  the seal before: each can be computed again;
- `trail-texts.json`: the typed texts that these lines refer to, by id;
- `manifest.json`: size and SHA-256 of each of these, and the anchor. Its own SHA-256 is the
  fingerprint of the archive, which the portal keeps in its trail.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

MANIFEST = "manifest.json"
TRAIL = "trail.jsonl"
FORMAT_VERSION = 1
PIECE = 1 << 16


@dataclass(frozen=True)
class ArchiveManifest:
    """What an archive holds: `files` maps a path to (bytes, SHA-256); `anchor` is the last seal of
    the installation's trail at that moment, as `NUMBER:HASH`."""

    programme: str
    made_at: str
    version: str
    anchor: str
    lines: int
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    format: int = FORMAT_VERSION


class ArchiveWriter:
    """Writes members, and notes size and hash of each. `finish_archive` writes the manifest."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = ZipFile(target, "w", ZIP_DEFLATED)
        self.files: dict[str, tuple[int, str]] = {}

    @contextmanager
    def open_member(self, path: str) -> Iterator["_ArchiveMemberWriter"]:
        """A member to write bytes into."""
        with self._zip.open(path, "w", force_zip64=True) as stream:
            member = _ArchiveMemberWriter(stream)
            yield member
        self.files[path] = member.size, member.digest.hexdigest()

    def write_text(self, path: str, text: str) -> None:
        with self.open_member(path) as member:
            member.write(text.encode())

    def write_json(self, path: str, value: Any) -> None:
        self.write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")

    def finish_archive(self, **facts: Any) -> str:
        """Write the manifest and end the ZIP; returns the fingerprint, 64 hex digits."""
        manifest = ArchiveManifest(files=dict(sorted(self.files.items())), **facts)
        content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        self._zip.writestr(MANIFEST, content)
        self._zip.close()
        return hashlib.sha256(content).hexdigest()


class _ArchiveMemberWriter:
    """Counts and hashes what is written into a member."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.size, self.digest = 0, hashlib.sha256()

    def write(self, piece: bytes) -> int:
        self.size += len(piece)
        self.digest.update(piece)
        return self._stream.write(piece)
