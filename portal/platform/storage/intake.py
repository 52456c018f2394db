"""Intake of uploaded files: checks name, size, type and viruses, rewrites pictures, stores bytes.

Does not use the database: scanning and storing take long and happen outside of transactions.
"""

from contextlib import closing
from dataclasses import dataclass
from typing import IO, cast

import structlog

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.storage_settings import Clamd
from portal.platform.kernel.text import gettext as _
from portal.platform.storage import pictures, scanner
from portal.platform.storage.bucket import BucketStorage
from portal.platform.storage.contents import FILE_FIELD, detect_media_type
from portal.platform.storage.labels import size_in_words
from portal.platform.storage.names import clean_file_name
from portal.platform.storage.refusals import UnfitFile
from portal.platform.storage.scanner import ScannerAway
from portal.platform.storage.spool import Spool, SpoolWriter
from portal.platform.storage.storage import FolderStorage, Storage, StorageAway, new_key
from portal.platform.storage.transaction import discard_bytes

log = structlog.get_logger("portal")


@dataclass
class StoredUpload:
    """A checked file whose bytes are stored; `is_attached` once a row refers to it."""

    name: str
    media_type: str
    size: int
    sha256: str
    key: str
    was_scanned: bool
    is_attached: bool = False


@dataclass(frozen=True)
class UploadIntake:
    """Limits in bytes: `largest` per file, `allowed` for all files of a project."""

    storage: Storage
    clamd: Clamd | None
    largest: int
    allowed: int

    def accept(self, sent_name: str, spool: Spool) -> StoredUpload:
        """Check a file and store its bytes. Raises `RuleBroken` of the field `file`."""
        name = clean_file_name(sent_name)
        self._check_size(spool)
        media_type = detect_media_type(name, spool.file)
        self._refuse_infected_file(spool.file, spool)
        if media_type not in pictures.FORMATS:
            return self._store_spooled_file(name, media_type, spool)
        with closing(Spool(spool.folder, self.largest)) as redrawn:
            self._redraw_picture(media_type, spool, redrawn)
            return self._store_spooled_file(name, media_type, redrawn)

    def _redraw_picture(self, media_type: str, sent: Spool, redrawn: Spool) -> None:
        """Rewrite a picture without metadata."""
        try:
            pictures.rewrite_picture(media_type, sent.file, cast(IO[bytes], SpoolWriter(redrawn)))
        except UnfitFile as unfit:
            raise RuleBroken(FILE_FIELD, unfit.sentence) from None
        self._check_size(redrawn)

    def _store_spooled_file(self, name: str, media_type: str, spool: Spool) -> StoredUpload:
        key = new_key()
        try:
            self.storage.put(key, spool.file, spool.size)
        except StorageAway as away:
            log.error("file not kept", fault=str(away))
            raise RuleBroken(
                FILE_FIELD, _("Ce fichier n’a pas pu être gardé, et rien n’en reste. Réessayez plus tard.")
            ) from None
        return StoredUpload(name, media_type, spool.size, spool.sha256, key, self.clamd is not None)

    def discard(self, file: StoredUpload | None) -> None:
        """Delete the bytes of a file that no row refers to."""
        if file is not None and not file.is_attached:
            discard_bytes(file.key)

    def _check_size(self, spool: Spool) -> None:
        if not spool.size:
            raise RuleBroken(FILE_FIELD, _("Ce fichier est vide."))
        if spool.size > self.largest:
            raise RuleBroken(
                FILE_FIELD,
                _(
                    "Ce fichier fait %(size)s ; un fichier en fait %(largest)s au plus.",
                    size=size_in_words(spool.size),
                    largest=size_in_words(self.largest),
                ),
            )

    def _refuse_infected_file(self, file: IO[bytes], spool: Spool) -> None:
        if self.clamd is None:
            return
        try:
            infection = scanner.find_virus_name(self.clamd, file)
        except ScannerAway as away:
            log.error("scanner", fault=str(away))
            raise RuleBroken(
                FILE_FIELD,
                _(
                    "L’antivirus ne répond pas : ce fichier n’a pas été vérifié, il n’est donc pas"
                    " gardé. Réessayez plus tard."
                ),
            ) from None
        if infection is not None:
            log.warning("file refused", infection=infection, sha256=spool.sha256)
            raise RuleBroken(
                FILE_FIELD, _("L’antivirus a reconnu un logiciel malveillant : ce fichier n’est pas gardé.")
            )


def build_intake(settings: Settings) -> UploadIntake:
    """The intake with the configured storage and scanner."""
    storage = build_storage(settings)
    return UploadIntake(storage, settings.clamd, settings.file_max_bytes, settings.project_files_bytes)


def build_storage(settings: Settings) -> Storage:
    """The configured bucket, or the folder of files."""
    return BucketStorage(settings.bucket) if settings.bucket else FolderStorage(settings.files_folder)
