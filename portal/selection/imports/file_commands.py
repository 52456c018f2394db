"""Attachments of imported applications: what to fetch, and how what was fetched is stored.

A file is fetched outside of transactions, by the address of the same answer, before it expires. It
is checked as an upload is: size, checksum, type by content, scan; what is refused is kept out, and
listed with its reason.
"""

import base64
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from portal.collaboration.files import commands as files
from portal.collaboration.files.subject_queries import AttachmentSubject
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.outgoing.client import OutgoingClient, OutgoingFailed
from portal.platform.storage.intake import StoredUpload, UploadIntake
from portal.platform.storage.names import clean_file_name
from portal.platform.storage.spool import Spool
from portal.selection.applications.models import Application
from portal.selection.calls.models import Call
from portal.selection.imports import queries
from portal.selection.imports.dossier_rules import SourceApplication, SourceFile
from portal.selection.imports.models import DETAIL_MAX, FileOutcome, ImportedFile
from portal.selection.imports.run_commands import ClaimedRun

QUOTA_FACTOR = 20  # applications of a programme may hold so many times the files of a project
FILES_MAX = 50  # of one application
EXPIRED = frozenset({401, 403, 404, 410})
FileKey = tuple[str, str, str]  # field, cleaned name, checksum


@dataclass
class FetchedFile:
    """A file that the source names, with its checked bytes where they were fetched."""

    source: SourceFile
    outcome: FileOutcome
    reason: str = ""
    incoming: StoredUpload | None = field(default=None, repr=False)


class AddressExpired(Exception):
    """The address of a file is no longer good: ask for the application again."""


def file_key(file: SourceFile) -> FileKey:
    """What tells a file from others: its name may repeat in one field."""
    return file.field, clean_file_name(file.name), file.checksum


def list_files_to_fetch_and_remove(
    source: SourceApplication, stored: Sequence[ImportedFile]
) -> tuple[Sequence[SourceFile], Collection[FileKey]]:
    """The files to fetch now, and the keys of stored ones that the source names no more."""
    settled = {
        (each.field, each.name, each.checksum)
        for each in stored
        if each.outcome in {FileOutcome.STORED, FileOutcome.REFUSED}
    }
    present = {file_key(each) for each in source.files}
    listed = {
        (each.field, each.name, each.checksum) for each in stored if each.outcome is not FileOutcome.REMOVED
    }
    unsettled = {file_key(each): each for each in source.files if file_key(each) not in settled}
    return list(unsettled.values())[:FILES_MAX], listed - present


def build_removed_file(key: FileKey) -> FetchedFile:
    """A file that the source names no more."""
    field_id, name, checksum = key
    return FetchedFile(SourceFile(field_id, name, checksum, 0, False, ""), FileOutcome.REMOVED)


def fetch_file(source: SourceFile) -> FetchedFile:
    """Fetch and check a file. Raises `AddressExpired`."""
    if source.is_pending:
        return FetchedFile(source, FileOutcome.PENDING)
    intake = get_service(UploadIntake)
    spool = Spool(get_service(Settings).incoming_folder, intake.largest)
    try:
        refusal = _spool_file_and_find_fault(source, spool, intake.largest)
        return refusal or FetchedFile(source, FileOutcome.STORED, "", intake.accept(source.name, spool))
    except OutgoingFailed as failed:
        return FetchedFile(source, *_failure_outcome_and_reason(failed))
    except RuleBroken as refused:
        return FetchedFile(source, FileOutcome.REFUSED, refused.message)
    finally:
        spool.close()


def _spool_file_and_find_fault(source: SourceFile, spool: Spool, largest: int) -> FetchedFile | None:
    """Spool a file; what is wrong with it, or None. Raises `AddressExpired`, `OutgoingFailed`."""
    digest = hashlib.md5(usedforsecurity=False)

    def take(piece: bytes) -> None:
        spool.take(piece)
        digest.update(piece)

    if source.size > largest:
        raise OutgoingFailed("too_large")
    status = get_service(OutgoingClient).download_in_pieces(source.url, take, largest)
    if status in EXPIRED:
        raise AddressExpired
    if status != HTTPStatus.OK:
        return FetchedFile(source, FileOutcome.AWAY, _("Ce fichier n’a pas pu être lu."))
    if source.checksum and base64.b64encode(digest.digest()).decode() != source.checksum:
        return FetchedFile(source, FileOutcome.AWAY, _("Ce fichier n’est pas celui qui a été déposé."))
    return None


def _failure_outcome_and_reason(failed: OutgoingFailed) -> tuple[FileOutcome, str]:
    if failed.code == "too_large":
        return FileOutcome.REFUSED, _("Ce fichier est trop lourd pour le portail.")
    if failed.code in {"timeout", "network", "encoding", "unresolved"}:
        return FileOutcome.AWAY, _("Ce fichier n’a pas pu être lu.")
    return FileOutcome.REFUSED, _("Le portail ne télécharge rien à l’adresse de ce fichier.")


def discard_unreferenced_files(fetched: Mapping[str, Sequence[FetchedFile]]) -> None:
    """Delete the bytes that no row refers to."""
    for each in (file for entries in fetched.values() for file in entries):
        get_service(UploadIntake).discard(each.incoming)


def attach_fetched_files(
    claimed: ClaimedRun, call: Call, application: Application, fetched: Sequence[FetchedFile]
) -> int:
    """Attach what was fetched, and note what was not; returns how many files were attached."""
    if not fetched:
        return 0
    rows = {(row.field, row.name, row.checksum): row for row in queries.list_imported_files(application.id)}
    actor, place = Actor(claimed.person_id, {}), _attachment_subject(call, application)
    count = 0
    for file in fetched:
        row = rows.get(file_key(file.source))
        if row is None:
            field_id, name, checksum = file_key(file.source)
            row = ImportedFile(
                application_id=application.id,
                field=field_id,
                name=name,
                checksum=checksum,
                size=file.source.size,
                outcome=FileOutcome.AWAY,
            )
            db.session.add(row)
        count += _attach_or_note_file(row, file, actor, place)
    return count


def _attach_or_note_file(
    row: ImportedFile, file: FetchedFile, actor: Actor, place: AttachmentSubject
) -> bool:
    """Note what became of a file; returns whether it was attached now."""
    outcome, reason, attachment = file.outcome, file.reason, None
    if file.outcome is FileOutcome.REMOVED:
        stored = queries.find_attachment(row)
        if stored is not None:
            files.remove_file(actor, place, stored)
    elif file.incoming is not None:
        try:
            allowed = QUOTA_FACTOR * get_service(UploadIntake).allowed
            attachment = files.attach_upload(actor, place, file.incoming, allowed)
        except RuleBroken as refused:
            outcome, reason = FileOutcome.REFUSED, refused.message
    if (row.outcome, row.reason) != (outcome, reason[:DETAIL_MAX]):
        row.outcome, row.reason = outcome, reason[:DETAIL_MAX]
    if attachment is not None:
        row.attachment_id = attachment.id
    return attachment is not None


def _attachment_subject(call: Call, application: Application) -> AttachmentSubject:
    """An application as a subject of files, for the import alone: no reader sees it by this."""
    return AttachmentSubject(
        kind=Application.__tablename__,
        id=application.id,
        scope_id=call.programme_id,
        number=application.number,
        title=application.title,
        find_page=lambda: "",
        is_shown_there=True,
        is_writer=True,
        is_in_feed=False,
        is_named=False,
    )
