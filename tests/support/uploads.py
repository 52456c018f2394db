"""Small files of each type, and a multipart upload as a browser sends it."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image
from werkzeug.test import TestResponse

from portal.platform.storage import office
from tests.support.browser import Browser

BOUNDARY = "upload-boundary"
KIND = f"multipart/form-data; boundary={BOUNDARY}"

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00"
    b"\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


def picture(format_: str, *more: Image.Image, size: tuple[int, int] = (8, 6), **given: Any) -> bytes:
    """Return a small image, red on the left; with several frames, an animation."""
    whole, drawn = io.BytesIO(), Image.new("RGB", size, "white")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    if more:
        given |= {"save_all": True, "append_images": more}
    drawn.save(whole, format_, **given)
    return whole.getvalue()


JPEG = picture("JPEG")
WEBP = picture("WEBP")
CSV = "nom;note\nÉté;3\n".encode()


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def archive(**parts: bytes) -> bytes:
    """Return a zip with these parts; two underscores stand for characters not in identifiers."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return whole.getvalue()


def document(ending: str, **more: bytes) -> bytes:
    """Return a minimal office document with more parts."""
    kind = office.MEDIA_TYPES[ending]
    if "opendocument" in kind:
        return archive(**{"mimetype": kind.encode(), "content.xml": b"<a/>"} | more)
    content_types = f'<Types><Override ContentType="{kind}.main+xml"/></Types>'.encode()
    return archive(**{"[Content_Types].xml": content_types, "word/document.xml": b"<a/>"} | more)


def body_of(data: bytes | None, name: str = "lettres.csv", **fields: str) -> bytes:
    parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    if data is not None:
        head = f'name="file"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'
        parts.append(head.encode() + data)
    around = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(around + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def send(
    browser: Browser, path: str, data: bytes | None, name: str = "lettres.csv", **fields: Any
) -> TestResponse:
    body = body_of(data, name, **{"form_key": "k"} | fields)
    return browser.open(path, method="POST", data=body, content_type=KIND)
