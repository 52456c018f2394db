"""Documents that say who made them."""

import zipfile
from io import BytesIO

import pypdf
from pypdf.annotations import Text
from pypdf.generic import NameObject, StreamObject, TextStringObject

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def docx(author: str, text: str | None = None) -> bytes:
    """A document by an author, who also changed it; by default its text names them."""
    parts = {
        "[Content_Types].xml": f'<T><Override PartName="/word/document.xml" ContentType="{_TYPE}"/></T>',
        "docProps/core.xml": f"<cp><dc:creator>{author}</dc:creator><b>2</b></cp>",
        "word/document.xml": (
            f'<w:document {_W}><w:ins w:author="{author}"><w:t>{text or f"Vu par {author}"}</w:t></w:ins>'
            "</w:document>"
        ),
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def pdf(author: str) -> bytes:
    """A page by an author, who also noted something on it."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": author, "/Title": "Bilan"})
    note = Text(rect=(10, 10, 20, 20), text="à revoir")
    note[NameObject("/T")] = TextStringObject(author)
    writer.add_annotation(0, note)
    stream = StreamObject()
    stream.set_data(f"<x:xmpmeta><dc:creator>{author}</dc:creator></x:xmpmeta>".encode())
    stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()
