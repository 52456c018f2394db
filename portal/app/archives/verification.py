"""Check an archive on any machine: no database, no network, no account.

It shows that the archive is as it was made, and that its lines of the trail are sealed as they
say. That the portal made it is shown by the fingerprint, which its page and its trail keep.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from portal.app.archives.bundle import FORMAT_VERSION, MANIFEST, PIECE, TRAIL, ArchiveManifest
from portal.app.archives.zip_shape import iterate_zip_faults
from portal.platform.kernel.audit_chain import seal_hash

MANIFEST_MAX = 64 * 1024 * 1024  # bytes
LINE_MAX = 4 * 1024 * 1024
# What a changed byte makes of a ZIP: a bad sum, no deflated data, an unknown method, a wish for a password.
_UNREADABLE = (BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError)


class ArchiveUnreadable(Exception):
    """The file is no archive; the message is a sentence."""


@dataclass(frozen=True)
class ArchiveVerification:
    """What was read: the manifest, the fingerprint, and a sentence for each fault."""

    manifest: ArchiveManifest
    fingerprint: str
    faults: list[str]


def verify_archive(path: Path, fingerprint: str = "") -> ArchiveVerification:
    """Check an archive against its manifest, its trail against its seals, and its fingerprint
    against one that is known. Raises `ArchiveUnreadable`."""
    try:
        with ZipFile(path) as archive:
            content = _read_manifest_bytes(archive)
            manifest = _parse_manifest(content)
            actual = hashlib.sha256(content).hexdigest()
            faults = [
                *iterate_zip_faults(path, archive),
                *_iterate_file_faults(archive, manifest),
                *_iterate_trail_faults(archive, manifest),
            ]
    except _UNREADABLE:
        raise ArchiveUnreadable(f"{path} is no archive that can be read: it was cut or changed.") from None
    if fingerprint and fingerprint.lower() != actual:
        faults.append(f"the fingerprint is {actual}, not the one that was given")
    return ArchiveVerification(manifest, actual, faults)


def _read_manifest_bytes(archive: ZipFile) -> bytes:
    try:
        if archive.getinfo(MANIFEST).file_size > MANIFEST_MAX:
            raise ArchiveUnreadable(f"{MANIFEST} is too large.")
        return archive.read(MANIFEST)
    except KeyError:
        raise ArchiveUnreadable(f"there is no {MANIFEST}: this is no archive of a programme.") from None


def _parse_manifest(content: bytes) -> ArchiveManifest:
    try:
        manifest = ArchiveManifest(**json.loads(content))
    except (ValueError, TypeError):
        raise ArchiveUnreadable(f"{MANIFEST} cannot be read.") from None
    if not _is_manifest_sound(manifest):
        raise ArchiveUnreadable(f"{MANIFEST} cannot be read.")
    if manifest.format != FORMAT_VERSION:
        raise ArchiveUnreadable(f"the archive was made by portal {manifest.version}: use that one.")
    return manifest


def _is_manifest_sound(manifest: ArchiveManifest) -> bool:
    """Whether the values of a manifest are of their types: anybody may have written it."""
    return (
        isinstance(manifest.files, dict)
        and all(
            isinstance(entry, list) and [type(part) for part in entry] == [int, str]
            for entry in manifest.files.values()
        )
        and isinstance(manifest.lines, int)
        and isinstance(manifest.anchor, str)
        and re.match(r"([0-9]{0,18}:|$)", manifest.anchor) is not None
    )


def _iterate_file_faults(archive: ZipFile, manifest: ArchiveManifest) -> Iterator[str]:
    names = archive.namelist()
    for name in sorted({*names} - manifest.files.keys() - {MANIFEST}):
        yield f"{name} was added"
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} is there twice"
    for name, (size, digest) in manifest.files.items():
        if name not in names:
            yield f"{name} is missing"
        elif not _is_member_unchanged(archive, name, size, digest):
            yield f"{name} was changed"


def _is_member_unchanged(archive: ZipFile, name: str, size: int, expected: str) -> bool:
    """Whether a member has this size and hash; never reads more than the size that it should have."""
    digest, count = hashlib.sha256(), 0
    try:
        with archive.open(name) as member:
            while piece := member.read(PIECE):
                count += len(piece)
                if count > size:
                    return False
                digest.update(piece)
    except _UNREADABLE:
        return False
    return (count, digest.hexdigest()) == (size, expected)


def _iterate_trail_faults(archive: ZipFile, manifest: ArchiveManifest) -> Iterator[str]:
    if TRAIL not in archive.namelist():
        return
    count, number, hash_ = 0, 0, ""
    with archive.open(TRAIL) as file:
        for seal in _iterate_seals(file):
            count += 1
            if seal is None:
                yield f"line {count} of the trail cannot be read"
                continue
            if seal["number"] <= number:
                yield f"seal {seal['number']} is out of order"
            if seal["number"] == number + 1 and hash_ and seal["before"] != hash_:
                yield f"seal {seal['number']} does not follow seal {number}"
            if seal_hash(seal["before"], seal["line"]) != seal["hash"]:
                yield f"seal {seal['number']}: its line was changed"
            number, hash_ = seal["number"], seal["hash"]
    if count != manifest.lines:
        yield f"the trail has {count} lines, and {manifest.lines} in the manifest"
    last, _colon, anchor = manifest.anchor.partition(":")
    if number > int(last or 0):
        yield f"seal {number} comes after the anchor"
    if number == int(last or 0) and number and hash_ != anchor:
        yield f"seal {number} is not the one of the anchor"


def _iterate_seals(file: IO[bytes]) -> Iterator[dict[str, Any] | None]:
    """The seals of a trail; None for a line that is none."""
    while text := file.readline(LINE_MAX):
        try:
            seal = json.loads(text)
        except ValueError:
            seal = None
        is_seal = (
            isinstance(seal, dict)
            and isinstance(seal.get("number"), int)
            and isinstance(seal.get("before"), str)
            and isinstance(seal.get("hash"), str)
            and isinstance(seal.get("line"), dict)
        )
        yield seal if is_seal else None
