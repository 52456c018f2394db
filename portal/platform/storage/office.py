"""Detection of office documents: zip archives with a part that declares their type.

Only that part is unpacked, up to a limit. Sources: ECMA-376 part 2 (Open Packaging Conventions),
OpenDocument 1.3 part 2, section 3.3.
"""

import struct
import zipfile
from typing import IO

from portal.platform.storage.refusals import UnfitFile

ZIP_MARK = b"PK\x03\x04"
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
MEDIA_TYPES = {
    ".docx": f"{_OPEN_XML}wordprocessingml.document",
    ".xlsx": f"{_OPEN_XML}spreadsheetml.sheet",
    ".pptx": f"{_OPEN_XML}presentationml.presentation",
    ".odt": f"{_OPEN_DOCUMENT}text",
    ".ods": f"{_OPEN_DOCUMENT}spreadsheet",
    ".odp": f"{_OPEN_DOCUMENT}presentation",
}
_CONTENT_TYPES = "[Content_Types].xml"
_MIMETYPE = "mimetype"
_PART_MAX = 1 << 20  # bytes unpacked of a part
_DIRECTORY_MAX = 1 << 20  # bytes of the central directory: some ten thousand parts
_UNPACKED_MAX = 500 << 20  # bytes of all parts together, as declared
_END = struct.Struct("<4s4H2LH")  # end of central directory record
_END_MARK = b"PK\x05\x06"
_MACROS = ("vbaproject.bin", "/macrosheets/", "/basic/", "/scripts/")


def detect_office_media_type(file: IO[bytes]) -> str:
    """The media type of a document. Raises `UnfitFile` for any other archive."""
    if not _is_single_archive(file):
        raise UnfitFile("damaged")
    try:
        with zipfile.ZipFile(file) as archive:
            return _detect_media_type(archive)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError):
        raise UnfitFile("damaged") from None


def _is_single_archive(file: IO[bytes]) -> bool:
    """Whether the file is exactly one archive, with a central directory of limited size."""
    end = file.seek(0, 2)
    file.seek(max(0, end - _END.size))
    record = file.read(_END.size)
    if len(record) < _END.size:
        return False
    mark, _disk, _start_disk, _here, _all, size, offset, comment = _END.unpack(record)
    ends_here = mark == _END_MARK and comment == 0
    return bool(ends_here and size <= _DIRECTORY_MAX and offset + size + _END.size == end)


def _detect_media_type(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if sum(part.file_size for part in parts) > _UNPACKED_MAX:
        raise UnfitFile("swollen")
    if any(part.flag_bits & 1 for part in parts):
        raise UnfitFile("locked")
    if min((part.header_offset for part in parts), default=0):
        raise UnfitFile("two_things")  # the archive follows other data
    media_type = _find_declared_media_type(archive, names)
    if media_type is None:
        raise UnfitFile("archive")
    if _has_macros(names):
        raise UnfitFile("macros")
    return media_type


def _find_declared_media_type(archive: zipfile.ZipFile, names: list[str]) -> str | None:
    if _CONTENT_TYPES in names:
        content = _read_archive_part(archive, _CONTENT_TYPES)
        if b"macroEnabled" in content:
            raise UnfitFile("macros")
        return next((kind for kind in MEDIA_TYPES.values() if f'"{kind}.main+xml"'.encode() in content), None)
    if _MIMETYPE in names:
        content = _read_archive_part(archive, _MIMETYPE)
        return next((kind for kind in MEDIA_TYPES.values() if kind.encode() == content), None)
    return None


def _has_macros(names: list[str]) -> bool:
    folded = [f"/{name.replace(chr(92), '/').lower()}" for name in names]
    return any(mark in name for name in folded for mark in _MACROS)


def _read_archive_part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PART_MAX)
