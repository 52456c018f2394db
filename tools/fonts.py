"""Subsets of WOFF2 fonts for French and English: a third of the bytes, the same shapes.

Glyphs of other characters are emptied, so that no index changes and kerning, figures and fractions
stay as they are. The whole font stays beside its subset, for the characters that it alone has: a
browser fetches it when a page holds one. Format: https://www.w3.org/TR/WOFF2/
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import brotli

# Basic Latin and Latin-1, Œ œ Ÿ, spaces, dashes, quotes, signs of our pages.
SUBSET = (
    *((0x20, 0x7E), (0xA0, 0xFF), (0x152, 0x153), (0x178, 0x178), (0x2002, 0x200B), (0x2010, 0x2027)),
    *((0x202F, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212)),
    *((0x2248, 0x2248), (0x2260, 0x2265)),
)
# Alternates that are shown only where a page asks for the feature, as none of ours does.
UNUSED_ALTERNATES = frozenset(["case", "cap", "tiny", "ot", "op", "weight", "superior", "numr", "dnom"])
_CMAP, _POST, _GLYF, _LOCA, _OTHER = 0, 7, 10, 11, 63  # indexes of known tags
_NO_TRANSFORM = {_GLYF: 3, _LOCA: 3}
_HEADER_BYTES = 48


@dataclass
class _Reader:
    data: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def uint(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def base128(self) -> int:
        value = 0
        while True:
            byte = self.uint(1)
            value = value << 7 | byte & 127
            if byte < 128:
                return value

    def uint255(self) -> int:
        code = self.uint(1)
        if code == 253:
            return self.uint(2)
        return self.uint(1) + (506 if code == 254 else 253) if code > 253 else code


@dataclass
class _Table:
    entry: bytes  # flags, and the tag where it is not a known one
    tag: int
    length: int  # in the font that is not compressed
    is_transformed: bool
    data: bytes = b""


@dataclass
class _Glyph:
    contours: int
    parts: dict[str, bytes] = field(default_factory=dict)  # what it takes of each stream
    components: list[int] = field(default_factory=list)


def subset(font: bytes) -> tuple[bytes, list[tuple[int, int]]]:
    """The font with the glyphs of `SUBSET`, and the ranges of characters that it alone has not."""
    tables = _read_tables(font)
    data_by_tag = {table.tag: table.data for table in tables}
    glyph_by_code = _read_cmap(data_by_tag[_CMAP])
    here = {code for first, last in SUBSET for code in range(first, last + 1)}
    emptied = set(glyph_by_code.values()) - {glyph for code, glyph in glyph_by_code.items() if code in here}
    emptied |= _find_alternates(data_by_tag[_POST], emptied)
    for table in tables:
        if table.tag == _GLYF:
            table.data = _empty_glyphs(table.data, emptied - {0})
        elif table.tag == _POST:  # version 3: without the names of the glyphs
            table.data, table.length = b"\0\3\0\0" + table.data[4:32], 32
    return _write(font[:_HEADER_BYTES], tables), list(_ranges(glyph_by_code.keys() - here))


def css_ranges(ranges: Iterable[tuple[int, int]]) -> str:
    """The value of `unicode-range`."""
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in ranges)


def _read_tables(font: bytes) -> list[_Table]:
    count, compressed = struct.unpack(">H", font[12:14])[0], struct.unpack(">I", font[20:24])[0]
    reader, tables = _Reader(font, _HEADER_BYTES), []
    for _ in range(count):
        start = reader.at
        flags = reader.uint(1)
        tag = flags & 63
        if tag == _OTHER:
            reader.take(4)
        entry = font[start : reader.at]
        length = reader.base128()
        is_transformed = flags >> 6 != _NO_TRANSFORM.get(tag, 0)
        tables.append(_Table(entry, tag, length, is_transformed))
        tables[-1].data = bytes(reader.base128() if is_transformed else length)
    stream = _Reader(brotli.decompress(font[reader.at : reader.at + compressed]))
    for table in tables:
        table.data = stream.take(len(table.data))
    return tables


def _find_alternates(post: bytes, emptied: set[int]) -> set[int]:
    """Alternates of emptied glyphs, and those of features that no page asks for, by their names."""
    count = struct.unpack(">H", post[32:34])[0]
    reader, names = _Reader(post, 34 + 2 * count), []
    while reader.at < len(post):
        names.append(reader.take(reader.uint(1)).decode())
    indexes = struct.unpack(f">{count}H", post[34 : 34 + 2 * count])
    name_of = {glyph: names[index - 258] for glyph, index in enumerate(indexes) if index >= 258}
    gone = {name_of[glyph] for glyph in emptied if glyph in name_of}
    alternates = set()
    for glyph, name in name_of.items():
        base, *suffixes = name.split(".")
        if base in gone or not UNUSED_ALTERNATES.isdisjoint(suffixes):
            alternates.add(glyph)
    return alternates


def _read_cmap(data: bytes) -> dict[int, int]:
    """Glyphs by character, from the format 4 subtable, the Basic Multilingual Plane."""
    for index in range(struct.unpack(">H", data[2:4])[0]):
        start = struct.unpack(">I", data[8 + 8 * index : 12 + 8 * index])[0]
        if struct.unpack(">H", data[start : start + 2])[0] == 4:
            return _read_segments(data, start)
    raise ValueError("the font has no cmap of format 4")


def _read_segments(data: bytes, start: int) -> dict[int, int]:
    size = struct.unpack(">H", data[start + 6 : start + 8])[0]  # twice the number of segments

    def column(at: int, kind: str = "H") -> tuple[int, ...]:
        return struct.unpack(f">{size // 2}{kind}", data[start + at : start + at + size])

    ends, starts, deltas = column(14), column(16 + size), column(16 + 2 * size, "h")
    glyphs = {}
    for segment, offset in enumerate(column(16 + 3 * size)):
        for code in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            glyph = code
            if offset:
                at = start + 16 + 3 * size + 2 * segment + offset + 2 * (code - starts[segment])
                glyph = struct.unpack(">H", data[at : at + 2])[0]
            if glyph or not offset:
                glyphs[code] = (glyph + deltas[segment]) & 0xFFFF
    return glyphs


_STREAMS = ("contours", "points", "flags", "glyphs", "composites", "boxes", "instructions")


def _empty_glyphs(data: bytes, emptied: set[int]) -> bytes:
    """The transformed `glyf` table without the outlines of some glyphs (section 5.1)."""
    head = _Reader(data)
    _version, _options, count, index_format = (head.uint(2) for _ in range(4))
    sizes = {name: head.uint(4) for name in _STREAMS}
    streams = {name: _Reader(head.take(size)) for name, size in sizes.items()}
    bitmap = bytearray(streams["boxes"].take(4 * ((count + 31) // 32)))
    glyphs = [_read_glyph(streams, bitmap, index) for index in range(count)]
    waiting = [index for index in range(count) if index not in emptied]
    needed = set(waiting)
    while waiting:
        more = set(glyphs[waiting.pop()].components) - needed
        needed |= more
        waiting += more
    for index in set(range(count)) - needed:
        glyphs[index] = _Glyph(0)
        bitmap[index >> 3] &= ~(0x80 >> (index & 7))
    out = {name: b"".join(glyph.parts.get(name, b"") for glyph in glyphs) for name in _STREAMS}
    out["contours"] = b"".join(struct.pack(">h", glyph.contours) for glyph in glyphs)
    out["boxes"] = bytes(bitmap) + out["boxes"]
    head_bytes = struct.pack(">4H7I", 0, 0, count, index_format, *(len(out[name]) for name in _STREAMS))
    return head_bytes + b"".join(out[name] for name in _STREAMS)


def _read_glyph(streams: dict[str, _Reader], bitmap: bytearray, index: int) -> _Glyph:
    starts = {name: reader.at for name, reader in streams.items()}
    glyph = _Glyph(struct.unpack(">h", streams["contours"].take(2))[0])
    if glyph.contours > 0:
        _skip_outline(streams, glyph.contours)
    elif glyph.contours < 0:
        glyph.components = _skip_components(streams)
    if bitmap[index >> 3] & (0x80 >> (index & 7)):
        streams["boxes"].take(8)
    glyph.parts = {name: reader.data[starts[name] : reader.at] for name, reader in streams.items()}
    return glyph


def _skip_outline(streams: dict[str, _Reader], contours: int) -> None:
    points = sum(streams["points"].uint255() for _ in range(contours))
    for flag in streams["flags"].take(points):
        kind = flag & 127
        streams["glyphs"].take(1 if kind < 84 else 2 if kind < 120 else 3 if kind < 124 else 4)
    streams["instructions"].take(streams["glyphs"].uint255())


def _skip_components(streams: dict[str, _Reader]) -> list[int]:
    reader, components, flags, has_instructions = streams["composites"], [], 0x20, False
    while flags & 0x20:
        flags = reader.uint(2)
        components.append(reader.uint(2))
        scale = 2 if flags & 0x8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0
        reader.take((4 if flags & 0x1 else 2) + scale)
        has_instructions |= bool(flags & 0x100)
    if has_instructions:
        streams["instructions"].take(streams["glyphs"].uint255())
    return components


def _write(header: bytes, tables: list[_Table]) -> bytes:
    directory = b""
    for table in tables:
        directory += table.entry + _base128(table.length)
        directory += _base128(len(table.data)) if table.is_transformed else b""
    body = brotli.compress(b"".join(table.data for table in tables), mode=brotli.MODE_FONT, quality=11)
    content = directory + body
    padding = b"\0" * (-(_HEADER_BYTES + len(content)) % 4)
    length = _HEADER_BYTES + len(content) + len(padding)
    head = header[:8] + struct.pack(">I", length) + header[12:20] + struct.pack(">I", len(body))
    return head + header[24:28] + b"\0" * 20 + content + padding  # neither metadata nor private data


def _base128(value: int) -> bytes:
    digits = [value & 127]
    while value := value >> 7:
        digits.insert(0, value & 127 | 128)
    return bytes(digits)


def _ranges(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for code in sorted(codes):
        if last is not None and code == last + 1:
            last = code
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = code
    if first is not None and last is not None:
        yield first, last
