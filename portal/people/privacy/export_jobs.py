"""The worker's jobs of exports: make those that wait, and delete the bytes of old ones.

A lease reserves an export for one worker; after a crash another one begins it again. The bytes are
stored before the row says so, as those of attached files are.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import sqlalchemy as sa
import structlog

from portal.people.accounts.models import Person
from portal.people.privacy import commands, erasure_queries, labels, queries, row_queries
from portal.people.privacy.identity_rules import NamePatterns
from portal.people.privacy.models import DataExport, ExportStage
from portal.platform.kernel import clock
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import Base, db, read_only_transaction, transaction
from portal.platform.kernel.leases import lease_first_waiting_row
from portal.platform.kernel.personal_data import PersonalDataset, PersonalFile
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import using_language
from portal.platform.storage.storage import ObjectMissing, new_key
from portal.platform.storage.transaction import delete_on_commit, discard_on_rollback, get_storage

log = structlog.get_logger("portal")

LEASE = timedelta(minutes=30)
ATTEMPTS_MAX = 3
KEPT_FOR = timedelta(days=7)
BATCH = 50


def make_due_exports() -> int:
    """Make all exports that wait; returns how many were tried."""
    count = 0
    while (claimed := _claim_export()) is not None:
        count += 1
        log.info("data export", export_id=str(claimed[0]))
        _make_export(*claimed)
    return count


def _claim_export() -> tuple[UUID, UUID] | None:
    """Lease the first export that waits: its id and its person's. Gives up those tried too often."""
    waiting = DataExport.stage == ExportStage.WAITING
    with transaction():
        row = lease_first_waiting_row(
            db.session(),
            DataExport,
            waiting,
            duration=LEASE,
            attempts_max=ATTEMPTS_MAX,
            give_up=_give_up_export,
        )
        return (row.id, row.person_id) if row else None


def _give_up_export(row: DataExport) -> None:
    row.stage, row.finished_at = ExportStage.FAILED, clock.now()
    commands.record_export_end(row, commands.FAILED)


def _make_export(export_id: UUID, person_id: UUID) -> None:
    folder = get_service(Settings).incoming_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryFile(dir=folder) as target:
        with read_only_transaction():
            person = erasure_queries.get_person_for_worker(person_id)
            write_export_archive(target, person)
        _store_export(export_id, target)


def _store_export(export_id: UUID, target: IO[bytes]) -> None:
    """Store the bytes, then the row; without it (erased, or made by another worker) they go."""
    key, size = new_key(), target.tell()
    get_storage().put(key, target, size)
    with transaction():
        discard_on_rollback(key)
        row = queries.lock_export_for_worker(export_id)
        if row is None or row.stage is not ExportStage.WAITING:
            delete_on_commit(key)
            return
        row.key, row.size, row.stage, row.leased_until = key, size, ExportStage.READY, None
        row.finished_at = clock.now()
        row.expires_at = row.finished_at + KEPT_FOR
        commands.record_export_end(row, commands.COMPLETED)


def write_export_archive(target: IO[bytes], person: Person) -> None:
    """Write the ZIP: `LISEZ-MOI.txt`, `account.json`, `acts.json`, a JSON file per feature, `files/`, and
    `names.json`, which says what the ids in the others stand for."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        with using_language(person.locale):
            archive.writestr("LISEZ-MOI.txt", labels.build_export_readme())
        archive.writestr("account.json", json.dumps(row_queries.read_account_row(person), **_JSON))
        _write_json_list(archive, "acts.json", row_queries.iterate_trail_acts(person))
        references: dict[sa.Table, set[UUID]] = defaultdict(set)
        for data in list_contributions(PersonalDataset):
            _write_dataset_rows(archive, data, person, references)
            for file in data.files(person.id) if data.files else ():
                _write_attached_file(archive, file)
        archive.writestr("names.json", json.dumps(row_queries.read_reference_names(references), **_JSON))
    target.seek(0, 2)


_JSON: dict[str, Any] = {"ensure_ascii": False, "indent": 1}


def _write_dataset_rows(
    archive: ZipFile, data: PersonalDataset, person: Person, references: dict[sa.Table, set[UUID]]
) -> None:
    """One JSON object: table → list of rows; no file where the feature holds nothing. Adds what its
    rows refer to, by table."""
    tables = {
        each.table.name: list(row_queries.iterate_person_rows(each, person))
        for each in data.tables
        if not each.left_out
    }
    tables |= {
        part.table.name: list(row_queries.iterate_rows_by_parent_author(part, person)) for part in data.parts
    }
    rows = {name: table_rows for name, table_rows in tables.items() if table_rows}
    for name, table_rows in rows.items():
        for column, parent in row_queries.list_reference_columns(Base.metadata.tables[name]):
            references[parent] |= {UUID(row[column]) for row in table_rows if row.get(column)}
    if rows:
        archive.writestr(f"data/{data.topic}.json", json.dumps(rows, **_JSON))


def _write_json_list(archive: ZipFile, name: str, rows: Iterator[row_queries.PlainRow]) -> None:
    """A JSON list, written row by row: there may be many."""
    with archive.open(name, "w") as file:
        separator = "[\n"
        for row in rows:
            file.write(f"{separator}{json.dumps(row, ensure_ascii=False)}".encode())
            separator = ",\n"
        file.write(b"\n]\n" if separator != "[\n" else b"[]\n")


def _write_attached_file(archive: ZipFile, file: PersonalFile) -> None:
    """A file under its id and name; one whose bytes are missing is left out."""
    try:
        source = file.open()
    except ObjectMissing:
        log.error("file missing", file_id=str(file.id))
        return
    with source, archive.open(f"files/{file.id}/{file.name}", "w", force_zip64=True) as member:
        copyfileobj(source, member)


def delete_old_exports(_before: object = None) -> int:
    """Delete the bytes of exports that expired, in small steps; returns how many."""
    return sum(iter(partial(_expire_export_batch, BATCH), 0))


def _expire_export_batch(limit: int) -> int:
    expired = sa.select(DataExport).where(
        DataExport.stage == ExportStage.READY, DataExport.expires_at <= clock.now()
    )
    with transaction():
        rows = db.session.scalars(expired.limit(limit).with_for_update(skip_locked=True)).all()
        for row in rows:
            delete_export_bytes_on_commit(row)
            commands.record_export_end(row, commands.EXPIRED)
        return len(rows)


def expire_exports_naming_person(patterns: NamePatterns) -> int:
    """Delete the exports of others that name an erased person; they are told, and may ask for another
    one."""
    ready = sa.select(DataExport.id, DataExport.key).where(DataExport.stage == ExportStage.READY)
    with read_only_transaction():
        keys = db.session.execute(ready).all()
    naming = [id_ for id_, key in keys if key is not None and _export_names_person(key, patterns)]
    with transaction():
        for row in db.session.scalars(sa.select(DataExport).where(DataExport.id.in_(naming))).all():
            delete_export_bytes_on_commit(row)
            commands.record_export_end(row, commands.REMOVED)
    return len(naming)


def _export_names_person(key: str, patterns: NamePatterns) -> bool:
    """Whether the JSON of an export names a person."""
    try:
        with get_storage().open(key) as file, ZipFile(BytesIO(file.read())) as archive:
            texts = (archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))
            return any(patterns.is_named_in(text) for text in texts)
    except (ObjectMissing, BadZipFile):
        return False


def delete_export_bytes_on_commit(row: DataExport) -> None:
    """Delete an export's bytes at the commit."""
    if row.key is not None:
        delete_on_commit(row.key)
    row.key, row.stage, row.leased_until = None, ExportStage.EXPIRED, None
