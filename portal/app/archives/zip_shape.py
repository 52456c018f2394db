"""Whether a ZIP is, byte for byte around its members, as `ZipFile` writes one: no reader looks at all
of its headers, so a change of one would go unnoticed."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import ZIP64_LIMIT, ZipFile, ZipInfo

_ENTRY, _END = struct.Struct("<4s4B4HL2L5H2L"), struct.Struct("<4s4H2LH")
_LARGE_END = 76  # bytes before the end of a directory with large numbers
_UNIX, _PLAIN_FILE = 3, 0o600 << 16  # what members say of themselves
_LARGE, _MANY = 0xFFFFFFFF, 0xFFFF  # stand for numbers that are written elsewhere


def iterate_zip_faults(path: Path, archive: ZipFile) -> Iterator[str]:
    """A sentence for each header that was changed, and for bytes that belong to no member."""
    place, members = 0, archive.infolist()
    with path.open("rb") as file:
        for member in members:
            header = _read_matching_header(file, member)
            if not header or member.header_offset != place:
                yield f"{member.filename}: its header was changed"
            place = member.header_offset + len(header) + member.compress_size
        if place != archive.start_dir:
            yield "there are bytes before, between or after the files"
        file.seek(archive.start_dir)
        if not _is_expected_directory(file.read(), members, archive.start_dir):
            yield "the directory of the ZIP was changed"


def _read_matching_header(file: IO[bytes], member: ZipInfo) -> bytes:
    """The header before a member's bytes, b"" unless it says the same as the directory does."""
    version = member.extract_version
    for is_large in (False, True):
        header = member.FileHeader(is_large)
        member.extract_version = version
        file.seek(member.header_offset)
        if file.read(len(header)) == header:
            return header
    return b""


def _is_expected_directory(content: bytes, members: list[ZipInfo], start: int) -> bool:
    entries = b"".join(map(_build_directory_entry, members))
    count, size = min(len(members), _MANY), len(entries)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, size, _clip_to_zip64(start), 0)
    between = len(content) - size - len(end)
    return content.startswith(entries) and content.endswith(end) and between in (0, _LARGE_END)


def _build_directory_entry(member: ZipInfo) -> bytes:
    year, month, day, hour, minute, second = member.date_time
    name = member.filename.encode()
    return (
        _ENTRY.pack(
            *(b"PK\x01\x02", member.extract_version, _UNIX, member.extract_version, 0),
            *(member.flag_bits, member.compress_type, hour << 11 | minute << 5 | second // 2),
            *((year - 1980) << 9 | month << 5 | day, member.CRC, _clip_to_zip64(member.compress_size)),
            *(_clip_to_zip64(member.file_size), len(name), len(member.extra), 0, 0, 0, _PLAIN_FILE),
            _clip_to_zip64(member.header_offset),
        )
        + name
        + member.extra
    )


def _clip_to_zip64(number: int) -> int:
    return number if number <= ZIP64_LIMIT else _LARGE
