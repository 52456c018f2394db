"""Attached files of the demonstration; each says that it is a demonstration file."""

import io
from typing import cast

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.collaboration.files.commands import attach_upload
from portal.collaboration.files.models import Attachment
from portal.collaboration.files.subject_queries import AttachmentSubject
from portal.collaboration.files.views import get_subject_kinds
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.spool import Spool
from portal.project.projects.attachment_queries import ProjectAttachmentKind


class AttachmentStory(StoryPart):
    """Attaches a project's files to its objects."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        self.schedule_each_entry(project_story.get("attached", []), self._attach_file)

    def _attach_file(self, entry: StoryEntry) -> None:
        kind, member = (cast(ProjectAttachmentKind, get_subject_kinds()[entry["to"]]), self.team_member())
        of_project = kind.model.project_id == self.project.id
        row = db.session.scalar(select(kind.model).where(of_project, kind.numbered_by == entry["number"]))
        if row is None:
            raise LookupError(f"{self.project.slug} has no {entry['to']} {entry['number']}")
        place = kind.place(member, self.project, row.id, entry["number"])
        attach_text_as_file(member, place, entry["name"], entry["text"])


def attach_text_as_file(actor: Actor, place: AttachmentSubject, name: str, text: str) -> Attachment:
    """Attach a file that says a text, of the type that its name ends with."""
    desk = get_service(UploadIntake)
    spool = Spool(get_service(Settings).incoming_folder, desk.largest)
    spool.take(_file_content(name, text))
    try:
        arrived = desk.accept(name, spool)
    finally:
        spool.close()
    return attach_upload(actor, place, arrived, desk.allowed)


def _file_content(name: str, text: str) -> bytes:
    ending = name.rpartition(".")[2]
    return _make_pdf(text) if ending == "pdf" else _make_picture(text) if ending == "png" else text.encode()


def _make_picture(text: str) -> bytes:
    """A PNG picture with these lines."""
    sheet = Image.new("RGB", (640, 400), "white")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((16, 16, 623, 383), outline="black", width=2)
    for n, line in enumerate(text.split("\n")):
        pen.text((40, 40 + 44 * n), line, fill="black", font=ImageFont.load_default(22))
    png = io.BytesIO()
    sheet.save(png, "PNG")
    return png.getvalue()


def _make_pdf(text: str) -> bytes:
    """A PDF page with these lines (ISO 32000-1, 7.5: objects, offsets, cross-reference table)."""
    lines = [line.replace("\\", "").replace("(", "").replace(")", "") for line in text.split("\n")]
    text_operators = " T* ".join(f"({line}) Tj" for line in lines)
    drawing = f"BT /F1 14 Tf 20 TL 60 760 Td {text_operators} ET".encode("cp1252", "replace")
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page + b"/Resources<</Font<</F1 4 0 R>>>>>>",
        font,
        b"<</Length %d>>stream\n" % len(drawing) + drawing + b"\nendstream",
    ]
    pdf, offsets = io.BytesIO(), []
    pdf.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, 1):
        offsets.append(pdf.tell())
        pdf.write(b"%d 0 obj" % number + content + b"endobj\n")
    table = pdf.tell()
    pdf.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    pdf.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    pdf.write(b"trailer<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1))
    pdf.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return pdf.getvalue()
