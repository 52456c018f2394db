"""Where a file is looked at before anything is kept: its name, its size, what it is, what ClamAV
says. A picture is written again then. Nothing here touches the database: scanning and storing take
their time outside of it.
"""

from contextlib import closing
from dataclasses import dataclass
from typing import IO, cast

import structlog

from portal.files import pictures, scanner
from portal.files.afterwards import let_go
from portal.files.bucket import S3
from portal.files.contents import FIELD, examine
from portal.files.names import clean_name
from portal.files.refusals import Unfit
from portal.files.scanner import ScannerAway
from portal.files.spool import Filling, Spool
from portal.files.storage import Folder, Storage, StorageAway, new_key
from portal.files.terms import size_in_words
from portal.kernel.errors import RuleBroken
from portal.kernel.settings import Settings
from portal.kernel.stores import Clamd
from portal.kernel.text import gettext as _

log = structlog.get_logger("portal")


@dataclass
class Arrived:
    """A file that was looked at, and whose bytes are kept; `is_taken` once a row names it."""

    name: str
    media_type: str
    size: int
    sha256: str
    key: str
    was_scanned: bool
    is_taken: bool = False


@dataclass(frozen=True)
class Desk:
    """`largest` bytes a file, `allowed` bytes all files of a project."""

    storage: Storage
    clamd: Clamd | None
    largest: int
    allowed: int

    def take_in(self, sent_name: str, spool: Spool) -> Arrived:
        """Look at a file and keep its bytes. Raises `RuleBroken` on `file` with why not."""
        name = clean_name(sent_name)
        self._check_size(spool)
        media_type = examine(name, spool.file)
        self._scan(spool.file, spool)
        if media_type not in pictures.FORMATS:
            return self._keep(name, media_type, spool)
        with closing(Spool(spool.folder, self.largest)) as redrawn:
            self._redraw(media_type, spool, redrawn)
            return self._keep(name, media_type, redrawn)

    def _redraw(self, media_type: str, sent: Spool, redrawn: Spool) -> None:
        """What is kept of a picture is what is seen."""
        try:
            pictures.redraw(media_type, sent.file, cast(IO[bytes], Filling(redrawn)))
        except Unfit as why:
            raise RuleBroken(FIELD, why.sentence) from None
        self._check_size(redrawn)

    def _keep(self, name: str, media_type: str, spool: Spool) -> Arrived:
        key = new_key()
        try:
            self.storage.put(key, spool.file, spool.size)
        except StorageAway as away:
            log.error("file not kept", fault=str(away))
            raise RuleBroken(
                FIELD,
                _("Ce fichier n’a pas pu être gardé, et rien n’en reste. Réessayez plus tard."),
            ) from None
        return Arrived(name, media_type, spool.size, spool.sha256, key, self.clamd is not None)

    def let_go(self, arrived: Arrived | None) -> None:
        """Of a file that nothing names in the end, no byte stays."""
        if arrived is not None and not arrived.is_taken:
            let_go(arrived.key)

    def _check_size(self, spool: Spool) -> None:
        if not spool.size:
            raise RuleBroken(FIELD, _("Ce fichier est vide."))
        if spool.size > self.largest:
            raise RuleBroken(
                FIELD,
                _(
                    "Ce fichier fait %(size)s ; un fichier en fait %(largest)s au plus.",
                    size=size_in_words(spool.size),
                    largest=size_in_words(self.largest),
                ),
            )

    def _scan(self, file: IO[bytes], spool: Spool) -> None:
        if self.clamd is None:
            return
        try:
            infection = scanner.scan(self.clamd, file)
        except ScannerAway as away:
            log.error("scanner", fault=str(away))
            raise RuleBroken(
                FIELD,
                _(
                    "L’antivirus ne répond pas : ce fichier n’a pas été vérifié, il n’est donc pas"
                    " gardé. Réessayez plus tard."
                ),
            ) from None
        if infection is not None:
            log.warning("file refused", infection=infection, sha256=spool.sha256)
            raise RuleBroken(
                FIELD,
                _("L’antivirus a reconnu un logiciel malveillant : ce fichier n’est pas gardé."),
            )


def open_desk(settings: Settings) -> Desk:
    """The desk of an installation, with the storage and the scanner that it chose."""
    storage = choose_storage(settings)
    return Desk(storage, settings.clamd, settings.file_max_bytes, settings.project_files_bytes)


def choose_storage(settings: Settings) -> Storage:
    return S3(settings.bucket) if settings.bucket else Folder(settings.files_folder)
