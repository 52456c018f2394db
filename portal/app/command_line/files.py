"""`flask files`: whether attached files are complete and unchanged; their way into another storage."""

from collections import Counter
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from portal.app.command_line.dumps import CopyRefused
from portal.app.command_line.file_copies import restore_files
from portal.collaboration.files import sweep_jobs
from portal.platform.kernel.services import get_service
from portal.platform.storage import scanner
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.scanner import ScannerAway
from portal.platform.storage.storage import StorageAway
from portal.platform.storage.transaction import get_storage

FAULTS_PRINTED_MAX = 50

group = AppGroup("files", help="The attached files of this installation.")


@group.command("check")
@click.option("--deep", is_flag=True, help="Read every byte again and compare its SHA-256.")
def check(*, deep: bool) -> None:
    """Compare the storage with the database, ping the scanner; exit with 1 on a fault."""
    intake = get_service(UploadIntake)
    try:
        intake.storage.check()
        counts: Counter[str] = Counter()
        for fault in sweep_jobs.iterate_file_faults(intake.storage, deep=deep):
            counts[fault.why] += 1
            if counts.total() <= FAULTS_PRINTED_MAX:
                click.echo(f"{fault.why}: {fault.file_id}")
        unknown = sweep_jobs.count_files_without_row(intake.storage)
    except StorageAway as away:
        raise click.ClickException(f"the storage does not answer: {away}") from None
    except DBAPIError:
        raise click.ClickException("the database does not answer: check DATABASE_URL.") from None
    click.echo(f"{unknown} stored files are named by no row; the worker deletes them after a day.")
    _check_scanner(intake)
    if counts:
        counts_text = ", ".join(f"{n} {why}" for why, n in sorted(counts.items()))
        raise click.ClickException(f"files are not as they were sent: {counts_text}.")
    click.echo("Every file is there.")


@group.command("put")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def put_files(folder: Path) -> None:
    """Put the files of a FOLDER of files, such as `files/` of a copy, where FILES_URL says; those that are
    there already stay."""
    try:
        count = restore_files(get_storage(), folder)
    except CopyRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{count} files put.")


def _check_scanner(intake: UploadIntake) -> None:
    if intake.clamd is None:
        click.echo("No scanner is configured (CLAMD_URL).")
        return
    try:
        scanner.require_clamd_answer(intake.clamd)
    except ScannerAway as away:
        raise click.ClickException(f"the scanner does not answer: {away}.") from None
    click.echo("The scanner answers.")
