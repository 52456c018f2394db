"""What must hold before an upgrade; each check changes nothing and says go, no-go or not known."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from migrations.locks import TURN
from portal.app.command_line import copies
from portal.app.command_line.copies import CopyManifest
from portal.app.command_line.dumps import CopyRefused
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, read_only_transaction
from portal.platform.kernel.environment import MEGABYTE
from portal.platform.kernel.migration_state import count_migrations_ahead, head_migration
from portal.platform.kernel.releases import RELEASES, find_skipped_release
from portal.platform.kernel.running_versions import list_running_versions
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.version import version

COPY_AGE_MAX = timedelta(hours=24)
LONG_TRANSACTION = 60  # seconds
FREE_MIN = 100 * MEGABYTE  # bytes, beside what the database may grow by


class UpgradeVerdict(Enum):
    GO = "go"
    NO_GO = "no-go"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class UpgradeFinding:
    """The result of a check, in one sentence."""

    name: str
    verdict: UpgradeVerdict
    sentence: str


def check_release_path(schema: str) -> UpgradeFinding:
    """The schema is of the release before this code, or newer than that, and not newer than the code."""
    distance = count_migrations_ahead(schema)
    if distance is None:
        return UpgradeFinding(
            "path", UpgradeVerdict.NO_GO, "The database has no portal in it: this is no upgrade."
        )
    if distance > 0:
        newer = f"The database is at migration {schema}, newer than this code ({head_migration()})."
        return UpgradeFinding("path", UpgradeVerdict.NO_GO, newer)
    skipped = find_skipped_release(schema, head_migration())
    if skipped is not None:
        sentence = (
            f"Too long a jump from migration {schema}: upgrade to {skipped.version} first, then to this."
        )
        return UpgradeFinding("path", UpgradeVerdict.NO_GO, sentence)
    origins = [release.version for release in RELEASES if release.migration == schema]
    origin = " or ".join(origins) or f"migration {schema}"
    sentence = f"From {origin} to {version()} (migration {head_migration()}), directly."
    return UpgradeFinding("path", UpgradeVerdict.GO, sentence)


def check_newest_backup(parent: Path, schema: str) -> tuple[UpgradeFinding, Path | None]:
    """The newest back-up in a folder is of this database, fresh, complete and unchanged."""
    folders = sorted(path for path in parent.glob("*/") if copies.NAME.fullmatch(path.name))
    if not folders:
        return UpgradeFinding(
            "back-up", UpgradeVerdict.NO_GO, f"{parent} holds none: run flask backup create."
        ), None
    try:
        manifest = copies.check_copy(folders[-1])
    except CopyRefused as refused:
        return UpgradeFinding("back-up", UpgradeVerdict.NO_GO, str(refused)), None
    fault = _find_copy_fault(manifest, schema)
    if fault:
        return UpgradeFinding("back-up", UpgradeVerdict.NO_GO, f"{folders[-1].name} {fault}."), None
    sentence = f"{folders[-1].name} is complete and unchanged."
    return UpgradeFinding("back-up", UpgradeVerdict.GO, sentence), folders[-1]


def _find_copy_fault(manifest: CopyManifest, schema: str) -> str:
    if manifest.database != db.engine.dialect.name or manifest.migration != schema:
        return f"is of {manifest.database} at migration {manifest.migration}: make a new one"
    if clock.now() - datetime.fromisoformat(manifest.made_at) > COPY_AGE_MAX:
        return "is more than a day old: make a new one"
    return ""


def check_disk(parent: Path) -> UpgradeFinding:
    """Room for a copy beside the back-ups, and on SQLite for the database to double."""
    size = _database_size()
    places = [parent]
    file = db.engine.url.database
    if db.engine.dialect.name == "sqlite" and file:
        places.append(Path(file).absolute().parent)
    for place in places:
        if not place.is_dir():
            return UpgradeFinding("disk", UpgradeVerdict.NO_GO, f"{place} does not exist.")
        free = shutil.disk_usage(place).free
        if free < size + FREE_MIN:
            lack = f"{place} has {free // MEGABYTE} MB left; {(size + FREE_MIN) // MEGABYTE} are needed."
            return UpgradeFinding("disk", UpgradeVerdict.NO_GO, lack)
    sentence = f"The database has {size // MEGABYTE} MB; there is room for another."
    if db.engine.dialect.name == "postgresql":
        sentence += " The server's own disk cannot be seen from here."
    return UpgradeFinding("disk", UpgradeVerdict.GO, sentence)


def _database_size() -> int:
    file = db.engine.url.database
    if db.engine.dialect.name == "sqlite":
        return Path(file or "").stat().st_size
    with read_only_transaction():
        return int(db.session.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0)


def check_locks() -> UpgradeFinding:
    """Nobody migrates, and no transaction is open for so long that a migration would wait for it."""
    try:
        fault = (
            _find_server_lock_fault() if db.engine.dialect.name == "postgresql" else _find_file_lock_fault()
        )
    except OperationalError:
        fault = "the database does not let anybody write"
    if fault:
        return UpgradeFinding("locks", UpgradeVerdict.NO_GO, f"Not now: {fault}.")
    return UpgradeFinding("locks", UpgradeVerdict.GO, "Nobody migrates, and no transaction is in the way.")


def _find_server_lock_fault() -> str:
    with db.engine.connect() as connection:
        if not connection.scalar(sa.text(f"SELECT pg_try_advisory_lock({TURN})")):
            return "another migration runs"
        connection.execute(sa.text(f"SELECT pg_advisory_unlock({TURN})"))
        old = sa.text(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            f" AND pid <> pg_backend_pid() AND xact_start < now() - interval '{LONG_TRANSACTION} s'"
        )
        holders = connection.scalars(old).all()
    return (
        f"transactions of processes {', '.join(map(str, holders))} are open for a minute" if holders else ""
    )


def _find_file_lock_fault() -> str:
    with _try_folder_lock(Path(str(db.engine.url.database)).absolute().parent) as is_ours:
        if not is_ours:
            return "another migration runs"
        with db.engine.connect() as connection:  # begins as a writer does
            connection.execute(sa.text("SELECT 1"))
    return ""


@contextmanager
def _try_folder_lock(folder: Path) -> Iterator[bool]:
    """Whether the lock of `migrations.locks` could be taken for the block."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def check_running_versions() -> UpgradeFinding:
    """All processes that serve are of the release before, or of this version."""
    try:
        with read_only_transaction():
            alive = [(row.machine, row.kind, row.version, row.migration) for row in list_running_versions()]
    except SQLAlchemyError:
        sentence = "The version that serves does not note itself: make sure that all machines run the same."
        return UpgradeFinding("fleet", UpgradeVerdict.UNKNOWN, sentence)
    if not alive:
        return UpgradeFinding(
            "fleet", UpgradeVerdict.GO, "No process was seen for three minutes: nothing serves."
        )
    supported = {version()} | {release.version for release in RELEASES[-2:]}
    strange = [each for each in alive if each[2] not in supported]
    listed = ", ".join(f"{kind} {number} on {machine}" for machine, kind, number, _ in strange or alive)
    if strange:
        sentence = (
            f"Not supported beside this version: {listed}.{_find_next_release([each[2] for each in strange])}"
        )
        return UpgradeFinding("fleet", UpgradeVerdict.NO_GO, sentence)
    return UpgradeFinding("fleet", UpgradeVerdict.GO, f"Alive: {listed}.")


def _find_next_release(versions: list[str]) -> str:
    """The release that follows the oldest of these; "" where one of them is no earlier release."""
    earlier = [release.version for release in RELEASES[:-1]]
    if not set(versions) <= set(earlier):
        return ""
    following = RELEASES[min(map(earlier.index, versions)) + 1]
    return f" Upgrade to {following.version} first."


def check_setting_names() -> UpgradeFinding:
    """The settings under an earlier name, which this version still reads and the next one does not."""
    warnings = get_service(Settings).warnings.values()
    sentence = " ".join(warnings) or "Each setting has its current name."
    return UpgradeFinding("settings", UpgradeVerdict.GO, sentence)
