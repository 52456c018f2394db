"""Routes that list, attach, download and remove files; a subject's own page may show its list."""

import unicodedata
from collections.abc import Callable, Hashable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.collaboration.files import commands, policy, queries
from portal.collaboration.files.forms import AttachmentRemovalForm, AttachmentUploadForm
from portal.collaboration.files.models import Attachment
from portal.collaboration.files.queries import FilePage, StorageQuota
from portal.collaboration.files.search import findable_kinds
from portal.collaboration.files.subject_queries import (
    AttachmentSubject,
    AttachmentSubjectKind,
    SubjectKinds,
    get_subject,
    get_subject_before_upload,
    kinds_by_name,
)
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.services import get_service
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.storage import labels
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.storage import ObjectMissing, StorageAway
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import get_actor
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.error_pages import answer_refusal
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.fragment_cache import KEY_MARK
from portal.platform.web.rendering import redirect_to_path, render, wants_fragment
from portal.platform.web.writes import write

bp = Blueprint("files", __name__)
bp.add_app_template_filter(labels.size_in_words, "file_size")
bp.add_app_template_filter(labels.kind_in_words, "file_kind")

SUBJECT_RULE = "/files/of/<kind>/<uuid:subject_id>"
FILE_RULE = "/files/<uuid:file_id>"
BLOCK = 1 << 16
# Downloads are attachments; if a browser shows one all the same, it runs nothing of it.
CONTENT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@dataclass(frozen=True)
class AttachmentsBlock:
    """The context of `collaboration/files/block.html`: a page of a subject's files and the form."""

    place: AttachmentSubject
    file_page: FilePage
    largest: int  # bytes of one file
    form: AttachmentUploadForm | None = None  # None: nothing is chosen
    quota: StorageQuota | None = None  # shown on the page of the files alone
    is_open: bool = False  # unfolded
    is_plain: bool = False  # the form is sent without htmx, and leads to the subject's page

    @property
    def can_attach(self) -> bool:
        return policy.can_attach(self.place)

    @property
    def make_empty_form(self) -> Callable[[], AttachmentUploadForm]:
        return make_empty_form

    def can_remove(self, file: Attachment) -> bool:
        return file.id not in self.place.lasting_ids and policy.can_remove(self.place, file)

    def url_of_page(self, page: int) -> str:
        return f"{_url_of_subject(self.place)}?page={page}"


def files_context(place: AttachmentSubject) -> dict[str, Any]:
    """Template variables for a page that includes `collaboration/files/block.html`."""
    key = "files", place.kind, place.id
    file_page = read_files_page_cached(get_actor(), key, lambda: queries.read_subject_files_page(place))
    return {"attached": AttachmentsBlock(place, file_page, get_upload_intake().largest)}


def read_files_page_cached(reader: Actor, key: Hashable, read: Callable[[], FilePage]) -> FilePage:
    """The same page of files until the trail grows, but while the worker reads one of them."""
    file_page = cache_until_change(reader, key, read)
    return read() if file_page.is_text_being_read else file_page


def make_empty_form() -> AttachmentUploadForm:
    """A form in which nothing is chosen, for a part that is drawn once for all readers."""
    return AttachmentUploadForm(get_upload_intake(), formdata=None, form_key=KEY_MARK)


@bp.app_template_filter("file_unread")
def explain_incomplete_search(file: Attachment) -> str:
    """Why search does not find a present file by all of its text, "" where it does or never will."""
    is_told = file.unread_because or queries.is_text_reading_due(file, findable_kinds())
    return labels.explain_unread_text(file.unread_because, file.has_text) if is_told else ""


def get_upload_intake() -> UploadIntake:
    return get_service(UploadIntake)


def get_subject_kinds() -> SubjectKinds:
    return kinds_by_name(list_contributions(AttachmentSubjectKind))  # type: ignore[type-abstract]


def _url_of_subject(place: AttachmentSubject) -> str:
    return url_for("files.subject_files", kind=place.kind, subject_id=place.id)


@bp.get(SUBJECT_RULE)
def subject_files(kind: str, subject_id: UUID) -> Response:
    place = get_subject(actor, get_subject_kinds(), kind, subject_id)
    return _render_page(place, None)


def _render_page(place: AttachmentSubject, form: AttachmentUploadForm | None, status: int = 200) -> Response:
    """The page of a subject's files alone, or its fragment."""
    intake = get_upload_intake()
    file_page = queries.read_subject_files_page(place, requested_page_number())
    quota = queries.read_project_storage_quota(place.scope_id, intake.allowed)
    is_plain = place.is_shown_there and not wants_fragment()
    attached = AttachmentsBlock(
        place, file_page, intake.largest, form, quota, is_open=True, is_plain=is_plain
    )
    context = {"attached": attached, "announced": wants_fragment()}
    return render("collaboration/files/page.html", fragment="files", status=status, place=place, **context)


def _files_path(place: AttachmentSubject, *, allows_fragment: bool = False) -> str:
    """Where a subject's files are shown: on its own page, or on a page of their own, which alone
    has a fragment."""
    if place.is_shown_there and not (allows_fragment and wants_fragment()):
        return f"{place.page}#files"
    return _url_of_subject(place)


@bp.post(SUBJECT_RULE)
def attach(kind: str, subject_id: UUID) -> Response:
    subject = get_subject_before_upload(actor, get_subject_kinds(), kind, subject_id)
    commands.require_to_attach(subject)
    form = AttachmentUploadForm(get_upload_intake())

    def reload() -> AttachmentSubject:
        return get_subject(actor, get_subject_kinds(), kind, subject_id)

    def attach_file(_values: dict[str, Any]) -> Attachment:
        file = commands.attach_upload(actor, reload(), form.accepted_file, get_upload_intake().allowed)
        reload()  # it may have been deleted while this request waited for the lock
        return file

    try:
        return write(
            form,
            attach_file,
            message=lambda file: _("« %(name)s » est joint.", name=file.name),
            to=lambda _file: _files_path(subject, allows_fragment=True),
            page=lambda status: _render_page(reload(), form, status),
        )
    finally:
        form.discard()


@bp.get(FILE_RULE)
def download(file_id: UUID) -> Response:
    """The bytes of a file, as an attachment with its name (RFC 6266)."""
    return send_file(queries.get_file(actor, get_subject_kinds(), file_id))


def send_file(file: Attachment) -> Response:
    """The same for a file that the reader may see."""
    try:
        source = get_upload_intake().storage.open(file.key)
    except ObjectMissing:
        raise NotFound from None
    except StorageAway:
        sentence = _("Le fichier existe, et l’endroit où il est gardé ne répond pas.")
        return answer_refusal(503, sentence, title=_("Ce fichier est momentanément indisponible"))
    response = Response(_read_in_pieces(source), mimetype=file.media_type, direct_passthrough=True)
    response.call_on_close(source.close)  # for HEAD, whose body is never read
    response.content_length = file.size
    response.headers.set("Content-Disposition", "attachment", **_disposition_names(file.name))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    return response


def _disposition_names(name: str) -> dict[str, str]:
    """The file name in ASCII for old clients, and whole as `filename*` (RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if plain == name:
        return {"filename": name}
    stem, _dot, ending = plain.rpartition(".")
    return {
        "filename": f"{stem.strip() or 'fichier'}.{ending}",
        "filename*": f"UTF-8''{quote(name, safe='')}",
    }


def _read_in_pieces(source: IO[bytes]) -> Iterator[bytes]:
    with closing(source):
        while piece := source.read(BLOCK):
            yield piece


@bp.get(f"{FILE_RULE}/place")
def redirect_to_file_subject(file_id: UUID) -> Response:
    """Redirect to where the file's subject shows its files."""
    _file, subject = queries.get_file_and_subject(actor, get_subject_kinds(), file_id)
    return redirect_to_path(_files_path(subject))


@bp.get(f"{FILE_RULE}/remove")
def removal_question(file_id: UUID) -> Response:
    file, subject = queries.get_file_and_subject(actor, get_subject_kinds(), file_id)
    commands.require_to_remove(subject, file)
    if file.removed_at is not None:
        return redirect_to_path(_files_path(subject, allows_fragment=True))
    return _ask_removal_confirmation(file, subject, AttachmentRemovalForm(formdata=None))


@bp.post(f"{FILE_RULE}/remove")
def remove(file_id: UUID) -> Response:
    file, subject = queries.get_file_and_subject(actor, get_subject_kinds(), file_id)
    commands.require_to_remove(subject, file)
    form = AttachmentRemovalForm()
    return write(
        form,
        lambda _values: commands.remove_file(actor, subject, file),
        message=lambda _result: _("« %(name)s » est supprimé.", name=file.name),
        to=lambda _result: _files_path(subject, allows_fragment=True),
        page=lambda status: _ask_removal_confirmation(file, subject, form, status),
    )


def _ask_removal_confirmation(
    file: Attachment, subject: AttachmentSubject, form: AttachmentRemovalForm, status: int = 200
) -> Response:
    question = ConfirmationQuestion(
        title=_("Supprimer « %(name)s » ?", name=file.name),
        lead=subject.title,
        means=(
            _("Plus personne ne pourra le télécharger, et le portail n’en gardera pas le contenu."),
            _("Son nom, sa taille, son empreinte, qui l’a supprimé et quand resteront notés."),
            _("Empreinte SHA-256 : %(sha256)s", sha256=file.sha256),
        ),
        yes=_("Supprimer le fichier"),
        no=_("Garder le fichier"),
        step=_("Supprimer un fichier"),
        place=subject.title,
        back=_files_path(subject),
    )
    return ask_confirmation(question, form, status)
