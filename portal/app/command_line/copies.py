"""Copies of an installation: created while it serves, checked, restored into an empty place.

A copy is a folder with the database (`portal.db`, or `portal.dump` from PostgreSQL), `files/` if
any, and `manifest.json`, which lists the contents. It holds personal data but no key.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy.engine import Engine

from portal.app.command_line import dumps
from portal.app.command_line.dumps import CopyRefused, RowCounts, sync_to_disk
from portal.app.command_line.file_copies import copy_files, require_no_other_files, restore_files
from portal.platform.kernel import clock
from portal.platform.kernel.settings import FILES_FOLDER
from portal.platform.kernel.version import version
from portal.platform.storage.storage import Storage

MANIFEST = "manifest.json"
FILES = FILES_FOLDER
FORMAT_VERSION = 1
NAME_FORMAT = "%Y-%m-%dT%H%M%SZ"  # the time in UTC
NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class CopyManifest:
    """Contents of a copy: rows per table; `files` maps a path in the copy to (bytes, SHA-256)."""

    made_at: str
    version: str
    database: str
    migration: str
    rows: RowCounts
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    format: int = FORMAT_VERSION


def create_copy(engine: Engine, storage: Storage, parent: Path) -> Path:
    """Copy everything into a new folder of `parent` named by the time (UTC); returns its path.

    The folder gets its name once every byte is on the disk. Raises `CopyRefused`.
    """
    now = clock.now()
    target = parent / f"{now:{NAME_FORMAT}}"
    with _create_folder_atomically(target) as folder:
        rows, migration = dumps.copy_database(engine, folder)
        copy_files(storage, folder / FILES)  # after the database: every file that a row names
        manifest = CopyManifest(
            made_at=now.isoformat(timespec="seconds"),
            version=version(),
            database=engine.dialect.name,
            migration=migration,
            rows=rows,
            files={str(path.relative_to(folder)): _size_and_hash(path) for path in _list_files(folder)},
        )
        (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n")
    return target


@contextmanager
def _create_folder_atomically(target: Path) -> Iterator[Path]:
    """A temporary folder, renamed to `target` when the block succeeds. Raises `CopyRefused`."""
    if target.exists():
        raise CopyRefused(f"{target} is there already.")
    try:
        folder = Path(mkdtemp(prefix=f".{target.name}.partial-", dir=target.parent))
    except OSError as refused:
        raise CopyRefused(f"{target.parent} cannot be written: {refused.strerror}.") from None
    try:
        yield folder
        _sync_folder_to_disk(folder)
        folder.rename(target)  # fails if the target was created meanwhile
        sync_to_disk(target.parent)
    except OSError as failed:
        raise CopyRefused(f"The copy could not be written: {failed.strerror}.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_copy(folder: Path) -> CopyManifest:
    """Check a copy against its manifest, and return that. Raises `CopyRefused`."""
    manifest = _read_manifest(folder)
    paths = {str(path.relative_to(folder)) for path in _list_files(folder)} - {MANIFEST}
    if missing := manifest.files.keys() - paths:
        raise CopyRefused(f"The copy lacks {min(missing)}.")
    if added := paths - manifest.files.keys():
        raise CopyRefused(f"The copy holds {min(added)}, which its manifest does not name.")
    for name, expected in manifest.files.items():
        if _size_and_hash(folder / name) != tuple(expected):
            raise CopyRefused(f"{name} is not what was copied: its bytes have changed.")
    rows = dumps.check_database_copy(folder)
    if rows is not None:
        _require_same_row_counts(rows, manifest)
    return manifest


def prune_copies(parent: Path, newest: Path, days: int) -> list[Path]:
    """Delete the copies in a folder that were made more than `days` before the newest; returns them.

    Only folders with a manifest and the name of a time are copies; anything else stays. Raises
    `CopyRefused` when one cannot be deleted.
    """
    oldest = _parse_copy_time(newest.name) - timedelta(days=days)
    over = []
    for folder in sorted(parent.glob("*/")):
        is_copy = NAME.fullmatch(folder.name) and (folder / MANIFEST).is_file() and not folder.is_symlink()
        if is_copy and _parse_copy_time(folder.name) < oldest:
            over.append(folder)
    try:
        for folder in over:
            shutil.rmtree(folder)
            for encrypted in parent.glob(f"{folder.name}.tar.*"):
                encrypted.unlink()
    except OSError as failed:
        raise CopyRefused(f"{folder} could not be deleted: {failed.strerror}.") from None
    return over


def _parse_copy_time(name: str) -> datetime:
    return datetime.strptime(name, NAME_FORMAT).replace(tzinfo=UTC)


def _read_manifest(folder: Path) -> CopyManifest:
    try:
        manifest = CopyManifest(**json.loads((folder / MANIFEST).read_text()))
    except FileNotFoundError:
        raise CopyRefused(f"{folder} holds no copy: it has no {MANIFEST}.") from None
    except (ValueError, TypeError):
        raise CopyRefused(f"{folder / MANIFEST} cannot be read.") from None
    if manifest.format != FORMAT_VERSION:
        raise CopyRefused(f"The copy was made by portal {manifest.version}: use that one.")
    return manifest


def _require_same_row_counts(rows: RowCounts, manifest: CopyManifest) -> None:
    for name in sorted(rows.keys() | manifest.rows.keys()):
        if rows.get(name) != manifest.rows.get(name):
            raise CopyRefused(
                f"{name} has {rows.get(name)} rows, and {manifest.rows.get(name)} in the manifest."
            )


def restore_copy(engine: Engine, storage: Storage, folder: Path, known_migrations: set[str]) -> CopyManifest:
    """Restore a copy; never overwrites a database or files. Raises `CopyRefused`."""
    manifest = check_copy(folder)
    if manifest.migration not in known_migrations:
        raise CopyRefused(f"The copy was made by portal {manifest.version}, newer than this one.")
    if manifest.database != engine.dialect.name:
        raise CopyRefused(f"The copy is of {manifest.database}, DATABASE_URL names another.")
    require_no_other_files(storage, folder / FILES)
    _require_same_row_counts(dumps.restore_database(engine, folder), manifest)
    restore_files(storage, folder / FILES)
    return manifest


def _list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _size_and_hash(path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return path.stat().st_size, digest.hexdigest()


def _sync_folder_to_disk(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        sync_to_disk(path)
