"""Take the name of an erased person out of the archives of programmes that left: there is nothing
else to make these from. The lines of the trail in it hold ids, and stay with their seals."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any, cast
from uuid import UUID
from zipfile import ZipFile

import sqlalchemy as sa

from portal.app.archives import commands, queries
from portal.app.archives.bundle import MANIFEST, TRAIL, ArchiveManifest, ArchiveWriter
from portal.app.archives.contents import write_pages
from portal.app.archives.models import ArchiveStage, ProgrammeArchive
from portal.people.privacy.identity_rules import NamePatterns, build_name_patterns
from portal.people.privacy.text_column_queries import list_typed_text_columns
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Base, db, read_only_transaction, transaction
from portal.platform.kernel.personal_data import IdentityToErase
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.storage.extraction import can_extract_text
from portal.platform.storage.properties import rewrite_properties
from portal.platform.storage.storage import ObjectMissing, new_key
from portal.platform.storage.texts import read_text_of_open_file
from portal.platform.storage.transaction import delete_on_commit, discard_on_rollback, get_storage

FILES, DATA, PEOPLE, TEXTS = "files/", "data/", "people.json", "trail-texts.json"


def redact_kept_archives(identity: IdentityToErase) -> None:
    """Write each archive anew that names the person, with another fingerprint, told in the trail."""
    with read_only_transaction():
        own = ProgrammeArchive.stage == ArchiveStage.READY, ProgrammeArchive.expires_at.is_(None)
        archives = [
            (row.id, row.programme_id, row.key or "")
            for row in db.session.scalars(sa.select(ProgrammeArchive).where(*own))
        ]
    for archive_id, programme_id, key in archives:
        _redact_archive(archive_id, programme_id, key, build_name_patterns(identity))


def _redact_archive(archive_id: UUID, programme_id: UUID, key: str, patterns: NamePatterns) -> None:
    folder = get_service(Settings).incoming_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryFile(dir=folder) as source, TemporaryFile(dir=folder) as target:
        try:
            with get_storage().open(key) as stored:
                copyfileobj(stored, source)
        except ObjectMissing:
            return
        with read_only_transaction():
            programme = queries.get_programme_for_worker(programme_id)
            fingerprint = rewrite_without_person(source, target, programme, patterns)
        if fingerprint is None:
            return
        target.seek(0, 2)
        new, size = new_key(), target.tell()
        get_storage().put(new, target, size)
    with transaction():
        discard_on_rollback(new)
        row = queries.lock_archive_for_worker(archive_id)
        if row is None or row.key != key:
            delete_on_commit(new)
            return
        delete_on_commit(key)
        row.key, row.size, row.fingerprint = new, size, fingerprint
        commands.record_archive_outcome(row, commands.REDACTED)


def rewrite_without_person(
    source: IO[bytes], target: IO[bytes], programme: Programme, patterns: NamePatterns
) -> str | None:
    """Write an archive without the person; returns its fingerprint, None where it names nobody so."""
    with ZipFile(source) as old:
        values = {name: json.loads(old.read(name)) for name in _list_data_files(old)}
        files = dict(_iterate_attached_files(old, values))
        named_files = set(_iterate_files_naming_person(old, files, patterns))
        redacted = {name: _redact_json_file(name, value, patterns) for name, value in values.items()}
        if not named_files and redacted == values and not _has_properties_naming_person(old, files, patterns):
            return None
        manifest = ArchiveManifest(**json.loads(old.read(MANIFEST)))
        writer = ArchiveWriter(target)
        values = redacted
        for name, value in values.items():
            writer.write_json(name, value)
        tables = {_table_name_of_file(name): rows for name, rows in values.items() if name.startswith(DATA)}
        write_pages(writer, programme, tables, values[PEOPLE])
        for name in old.namelist():
            if name == TRAIL or (name in files and name not in named_files):
                with (
                    _open_redacted_file(old, name, files.get(name, ""), patterns) as member,
                    writer.open_member(name) as copy,
                ):
                    copyfileobj(member, cast(Any, copy))
    return writer.finish_archive(
        programme=manifest.programme,
        made_at=manifest.made_at,
        version=manifest.version,
        anchor=manifest.anchor,
        lines=manifest.lines,
    )


def _list_data_files(archive: ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.startswith(DATA) or name in (PEOPLE, TEXTS)]


def _table_name_of_file(name: str) -> str:
    return PurePosixPath(name).stem


def _redact_json_file(name: str, value: Any, patterns: NamePatterns) -> Any:
    """A JSON file without the person; in rows of a table, only the words of people change."""
    table = Base.metadata.tables.get(_table_name_of_file(name)) if name.startswith(DATA) else None
    if table is None:
        return patterns.redact(value)
    typed = {column.name for column in list_typed_text_columns(table)}
    return [
        {key: patterns.redact(cell) if key in typed else cell for key, cell in row.items()} for row in value
    ]


def _iterate_attached_files(archive: ZipFile, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The names of the attached files in an archive, with their types."""
    types = {row["id"]: row.get("media_type", "") for row in values.get(f"{DATA}attachment.json", ())}
    for name in archive.namelist():
        if name.startswith(FILES):
            yield name, types.get(PurePosixPath(name).parts[1], "")


def _iterate_files_naming_person(
    archive: ZipFile, files: Mapping[str, str], patterns: NamePatterns
) -> Iterator[str]:
    """Files whose name or text names the person: they leave the archive whole."""
    for name, media_type in files.items():
        text = (
            read_text_of_open_file(BytesIO(archive.read(name)), media_type).text
            if can_extract_text(media_type)
            else ""
        )
        if patterns.is_named_in(name) or patterns.is_named_in(text):
            yield name


def _has_properties_naming_person(archive: ZipFile, files: Mapping[str, str], patterns: NamePatterns) -> bool:
    return any(
        rewrite_properties(BytesIO(archive.read(name)), BytesIO(), media_type, patterns.redact)
        for name, media_type in files.items()
    )


def _open_redacted_file(archive: ZipFile, name: str, media_type: str, patterns: NamePatterns) -> IO[bytes]:
    """A member of an archive; a file's own properties do not name the person."""
    changed = BytesIO()
    if not rewrite_properties(BytesIO(archive.read(name)), changed, media_type, patterns.redact):
        return archive.open(name)
    changed.seek(0)
    return changed
