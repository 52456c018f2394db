"""`flask backup`: copies of the installation while it serves."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from portal.app.administration import backups
from portal.app.command_line import copies, copy_encryption, erasures
from portal.app.command_line.copies import CopyManifest
from portal.app.command_line.dumps import CopyRefused
from portal.platform.kernel.audit import Action
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.storage.transaction import get_storage

group = AppGroup("backup", help="Copies of this installation.")
folder = click.Path(exists=True, file_okay=False, path_type=Path)


@group.command("create")
@click.argument("parent", type=folder)
def create(parent: Path) -> None:
    """Copy the database and the files into a new folder of PARENT, and print its name.

    With BACKUP_DAYS, older copies there are deleted once the new one is checked.
    """
    with _convert_to_click_errors():
        copy_folder = copies.create_copy(db.engine, get_storage(), parent)
        _print_and_record_copy_or_check(backups.BACKED_UP, copies.check_copy(copy_folder))
        recipient = get_service(Settings).backup_recipient
        if recipient:
            click.echo(f"Encrypted: {copy_encryption.encrypt_copy(copy_folder, recipient)}", err=True)
        days = get_service(Settings).backup_days
        for old in copies.prune_copies(parent, copy_folder, days) if days else ():
            click.echo(f"{old.name} is more than {days} days old: deleted.", err=True)
    click.echo(copy_folder)


@group.command("check")
@click.argument("copy", type=folder)
def check(copy: Path) -> None:
    """Check that a COPY is complete and unchanged."""
    with _convert_to_click_errors():
        _print_and_record_copy_or_check(backups.CHECKED, copies.check_copy(copy))


@group.command("decrypt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("parent", type=folder)
@click.option(
    "--identity", type=click.Path(exists=True, path_type=Path), help="age's file of the secret key."
)
def decrypt(file: Path, parent: Path, identity: Path | None) -> None:
    """Write the copy that an encrypted FILE holds into PARENT, check it, and print its folder."""
    with _convert_to_click_errors():
        copy_folder = copy_encryption.decrypt_copy(file, parent, identity)
        _print_summary(copies.check_copy(copy_folder))
    click.echo(copy_folder)


@group.command("restore")
@click.argument("copy", type=folder)
def restore(copy: Path) -> None:
    """Restore a COPY where there is neither database nor files yet; join and erase again by the journals."""
    scripts = ScriptDirectory(str(Path(current_app.root_path).parent / "migrations"))
    known_migrations = {script.revision for script in scripts.walk_revisions()}
    with _convert_to_click_errors():
        manifest = copies.restore_copy(db.engine, get_storage(), copy, known_migrations)
    _print_summary(manifest)
    journal = erasures.erasure_journal_path()
    if manifest.migration != scripts.get_current_head():
        click.echo("It is of an earlier version: run flask db upgrade, then flask erasures replay.", err=True)
        return
    erasures.replay_journals(journal)
    if not journal.exists():
        click.echo(f"{journal} is not there: people erased since the copy are back. Run", err=True)
        click.echo("flask erasures replay with the journal of the installation that was lost.", err=True)


def _print_and_record_copy_or_check(action: Action, manifest: CopyManifest) -> None:
    """Print a summary, and note it in the trail, which the page of the installation reads."""
    _print_summary(manifest)
    rows, size = sum(manifest.rows.values()), sum(size for size, _ in manifest.files.values())
    files = len(manifest.files)
    if not backups.record_copy_or_check_in_trail(
        action, made_at=manifest.made_at, rows=rows, files=files, size=size
    ):
        click.echo("No database took note of it.", err=True)


def _print_summary(manifest: CopyManifest) -> None:
    """Print a summary to stderr; stdout is for programs."""
    rows, size = sum(manifest.rows.values()), sum(size for size, _ in manifest.files.values())
    click.echo(
        f"Portal {manifest.version}, {manifest.database}, {manifest.made_at}: {rows} rows in"
        f" {len(manifest.rows)} tables, {len(manifest.files)} files, {size} bytes.",
        err=True,
    )


@contextmanager
def _convert_to_click_errors() -> Iterator[None]:
    try:
        yield
    except CopyRefused as refused:
        raise click.ClickException(str(refused)) from None
    except DBAPIError:
        raise click.ClickException("the database does not answer: check DATABASE_URL.") from None
