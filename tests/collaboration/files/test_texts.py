"""The text of attached files: read by the worker within its limits, found, and gone with the file."""

import time
import zipfile
import zlib
from io import BytesIO

import pypdf
import pytest
import xlsxwriter

from portal.collaboration.files.models import Attachment, AttachmentText
from portal.collaboration.files.text_jobs import read_due_texts
from portal.collaboration.search import queries as search
from portal.collaboration.search.queries import SearchFilters
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.storage import extraction, texts
from portal.platform.storage.office import MEDIA_TYPES
from portal.platform.storage.storage import FolderStorage, new_key
from portal.platform.storage.texts import FileText, read_text
from tests.support import factories as make
from tests.support.uploads import png, send

WORD = '<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Le canari</w:t></w:r></w:p></w:body></w:document>'
ODS = (
    '<o:body xmlns:o="o" xmlns:table="a" xmlns:t="t"><table:table table:name="Budget">'
    "<t:p>Le canari</t:p></table:table></o:body>"
)
ODT = '<o:body xmlns:o="o" xmlns:t="t"><t:h>Le canari</t:h><t:p>chante <t:span>fort</t:span></t:p></o:body>'


def zipped(**parts: str | bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return made.getvalue()


def pdf(stream: bytes, *, pages: int = 1) -> bytes:
    """A PDF of one page, or of the same page many times."""
    content = zlib.compress(stream)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join([b"3 0 R"] * pages)),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def sheet() -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("Budget").write_row(0, 0, ["Le canari", "chante", 12])
    return made.getvalue()


LINE = b"BT /F1 12 Tf 50 700 Td (Le canari chante) Tj ET"
READABLE = [
    ("text/plain", "Le canari d’été".encode(), "Le canari d’été"),
    ("text/csv", "Le canari d\x92été".encode("latin-1"), "Le canari d’été"),
    ("application/pdf", pdf(LINE), "Le canari chante"),
    (MEDIA_TYPES[".docx"], zipped(word__document=WORD), "Le canari"),
    (MEDIA_TYPES[".docx"], zipped(word__document=WORD, word__header1=WORD), "Le canari Le canari"),
    (MEDIA_TYPES[".odt"], zipped(content=ODT), "Le canari chante fort"),
    (MEDIA_TYPES[".ods"], zipped(content=ODS), "Budget Le canari"),
    (MEDIA_TYPES[".xlsx"], sheet(), "Budget Le canari chante"),
]


def read(folder, content: bytes, media_type: str) -> FileText:
    storage, key = FolderStorage(folder), new_key()
    storage.put(key, BytesIO(content), len(content))
    return read_text(storage, key, media_type)


@pytest.mark.parametrize(("media_type", "content", "text"), READABLE)
def test_text_is_read(tmp_path, media_type, content, text):
    assert extraction.can_extract_text(media_type)
    file_text = read(tmp_path, content, media_type)
    assert " ".join(file_text.text.split()) == text
    assert file_text.unread_because is None


def entity_bomb() -> str:
    bomb = '<!DOCTYPE x [<!ENTITY a "' + "canari " * 9 + '">'
    bomb += "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    return f"{bomb}]><w:t>&i;</w:t>"


OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:t>&a;</w:t>'


def locked_pdf() -> bytes:
    writer, made = pypdf.PdfWriter(clone_from=BytesIO(pdf(LINE))), BytesIO()
    writer.encrypt("perruche")
    writer.write(made)
    return made.getvalue()


HOSTILE = {
    "entities": (lambda: zipped(word__document=entity_bomb()), ("entities",)),
    "a file of ours": (lambda: zipped(word__document=OUTSIDE), ("entities",)),
    "a zip bomb": (
        lambda: zipped(word__document=b'<w:t xmlns:w="w">' + b"a" * (200 << 20)),
        ("large", "long"),
    ),
    "depth": (lambda: zipped(word__document="<w:t>" * 100_000), ("deep",)),
    "no zip": (lambda: b"PK\x03\x04" + b"\0" * 999, ("damaged",)),
    "a PDF that swells": (lambda: pdf(b" " * (300 << 20)), ("large", "slow", "damaged", "no_text")),
    "a PDF of many pages": (lambda: pdf(LINE * 2000, pages=50_000), ("long", "slow")),
    "half a PDF": (lambda: pdf(LINE)[:200], ("damaged", "no_text")),
    "a PDF behind a password": (locked_pdf, ("locked",)),
    "a scanned PDF": (lambda: pdf(b""), ("no_text",)),
    "a PDF of many words": (lambda: pdf(LINE * 6000), ("long",)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_harms_nothing(tmp_path, name):
    start = time.monotonic()
    make_file, reasons = HOSTILE[name]
    file_text = read(tmp_path, make_file(), extraction.PDF if "PDF" in name else MEDIA_TYPES[".docx"])
    assert time.monotonic() - start < 45
    assert len(file_text.text) <= extraction.TEXT_MAX
    assert "root:" not in file_text.text
    assert file_text.unread_because in reasons


def test_a_file_that_takes_too_long_is_left_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "TIME_MAX", 0.01)
    assert read(tmp_path, b"Le canari", "text/plain") == FileText("", extraction.UnreadReason.SLOW)


def test_a_file_is_found_by_its_text_until_it_is_removed(app, desk, project, browser, source):
    send(browser, f"/files/of/data_source/{source.id}", b"La perruche chante dans la mine.", "notes.txt")
    member = make.actor(make.holder(Role.TEAM_MEMBER, project))
    stranger = make.actor(make.holder(Role.TEAM_LEAD, make.project()))
    db.session.commit()
    assert read_due_texts(desk.storage) == 1
    assert read_due_texts(desk.storage) == 0
    hits = search.search(member, SearchFilters(q="perruches")).hits
    assert [hit.text for _source, hit in hits] == ["La perruche chante dans la mine."]
    assert search.search(stranger, SearchFilters(q="perruche")).count == 0
    file = db.session.query(Attachment).one()
    browser.submit(f"/files/{file.id}/remove")
    assert db.session.query(AttachmentText).count() == 0
    assert search.search(member, SearchFilters(q="perruche")).count == 0
    words = db.session.connection().exec_driver_sql("SELECT * FROM search_words").all()
    assert "perruche" not in str(words)


def test_a_file_without_a_text_says_so_in_its_list_and_in_a_search_that_finds_nothing(
    desk, project, browser, browser_for, source
):
    member = make.holder(Role.TEAM_MEMBER, project)
    stranger = make.holder(Role.TEAM_LEAD, make.project())
    db.session.commit()
    inside, outside = browser_for(member), browser_for(stranger)
    slug, page = project.slug, f"/files/of/data_source/{source.id}"
    send(browser, page, pdf(b""), "numérisé.pdf")
    waits = "La recherche ne le trouve encore que par son nom\u00a0: son texte attend d’être lu."
    before = inside.open("/search?q=perruche").text
    for text in (browser.open(page).text, before, browser.open(f"/projects/{slug}/files").text):
        assert waits in text
        assert "numérisé.pdf" in text
    assert "numérisé.pdf" not in outside.open("/search?q=perruche").text
    assert read_due_texts(desk.storage) == 1
    why = "La recherche ne le trouve que par son nom\u00a0: il ne contient pas de texte"
    assert why in browser.open(page).text  # though the trail has not grown
    for reader, is_told in ((inside, True), (outside, False)):
        text = reader.open("/search?q=perruche").text
        assert (why in text) is is_told
        assert ("numérisé.pdf" in text) is is_told
    assert waits not in browser.open(page).text
    assert "numérisé.pdf" in inside.open(f"/search?q=perruche&team={slug}").text
    assert "numérisé.pdf" not in inside.open("/search?q=perruche&kind=comment").text
    assert "numérisé</mark>.pdf" in inside.open("/search?q=numérisé").text
    assert why not in inside.open("/search?q=numérisé").text


def test_a_file_that_is_never_read_does_not_say_that_it_will_be(browser, source):
    page = f"/files/of/data_source/{source.id}"
    send(browser, page, png(), "plan.png")
    assert "plan.png" in browser.open(page).text
    assert "attend d’être lu" not in browser.open(page).text
    assert "plan.png" not in browser.open("/search?q=perruche").text


def test_a_file_read_before_reasons_were_stored_is_read_again(app, desk, project, browser, source):
    send(browser, f"/files/of/data_source/{source.id}", b"La perruche chante.", "notes.txt")
    file = db.session.query(Attachment).one()
    db.session.add(AttachmentText(attachment_id=file.id, body="", read_at=file.created_at))
    db.session.commit()
    assert read_due_texts(desk.storage) == 1
    assert db.session.query(AttachmentText).one().body == "La perruche chante."
    file = db.session.query(Attachment).one()
    assert (file.has_text, file.unread_because) == (True, None)
