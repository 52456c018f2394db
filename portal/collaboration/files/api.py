"""Operations on files. A file is as visible as what it is attached to, at each download."""

from uuid import UUID

from flask import Response

from portal.collaboration.files import commands, queries
from portal.collaboration.files.forms import AttachmentUploadForm
from portal.collaboration.files.models import Attachment
from portal.collaboration.files.schemas import FileSchema
from portal.collaboration.files.subject_queries import get_subject, get_subject_before_upload
from portal.collaboration.files.views import get_subject_kinds, get_upload_intake, send_file
from portal.platform.kernel.errors import RuleBroken
from portal.platform.storage.contents import FILE_FIELD
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage

area = ApiArea("discussions")
FILES = "/subjects/<kind>/<uuid:subject_id>/files"
FILE = "/files/<uuid:file_id>"


@area.list(FILES, FileSchema)
def list_files(call: ApiCall, kind: str, subject_id: UUID) -> ApiPage:
    """List the files of a thing, by the name of its kind (`risk`, `data_source`…) and its id."""
    get_subject(call.actor, get_subject_kinds(), kind, subject_id)
    files = queries.list_files_by_subject(kind, [subject_id])
    return call.page.cut_whole_list(files.get(subject_id, []))


@area.create(FILES, FileSchema, body=None, takes_file=True)
def attach_file(call: ApiCall, kind: str, subject_id: UUID) -> Attachment:
    """Attach a file, within the limits of pages: size, type, scan, room of the project."""
    kinds = get_subject_kinds()
    commands.require_to_attach(get_subject_before_upload(call.actor, kinds, kind, subject_id))
    form = AttachmentUploadForm(get_upload_intake(), meta={"csrf": False})
    try:
        if not form.validate():
            raise RuleBroken(FILE_FIELD, str(form.file.errors[0]))
        place = get_subject(call.actor, kinds, kind, subject_id)
        file = commands.attach_upload(call.actor, place, form.accepted_file, get_upload_intake().allowed)
        get_subject(call.actor, kinds, kind, subject_id)  # not deleted while this waited for the lock
        call.location = f"/files/{file.id}"
        return file
    finally:
        form.discard()


@area.get(FILE, FileSchema)
def get_file(call: ApiCall, file_id: UUID) -> Attachment:
    """Read what is known of a file."""
    return queries.get_file(call.actor, get_subject_kinds(), file_id)


@area.get(f"{FILE}/content", FileSchema, is_content=True)
def download_file(call: ApiCall, file_id: UUID) -> Response:
    """Download a file."""
    return send_file(queries.get_file(call.actor, get_subject_kinds(), file_id))


@area.delete(FILE)
def remove_file(call: ApiCall, file_id: UUID) -> None:
    """Delete the content of a file."""
    file, subject = queries.get_file_and_subject(call.actor, get_subject_kinds(), file_id)
    commands.remove_file(call.actor, subject, file)
