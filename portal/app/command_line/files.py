"""`flask files`: whether the files that people attached are all there, and as they were sent."""

from collections import Counter

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from portal.collaboration.files import sweep_jobs
from portal.platform.storage import scanner
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.scanner import ScannerAway
from portal.platform.storage.storage import StorageAway

FAULTS_PRINTED_MAX = 50  # faults that are written out

group = AppGroup("files", help="The files attached to things of this installation.")


@group.command("check")
@click.option("--deep", is_flag=True, help="Read every byte again and compare its SHA-256.")
def check(*, deep: bool) -> None:
    """Compare what is stored with the database, ask the scanner; exit with 1 on a fault."""
    desk: UploadIntake = current_app.extensions["desk"]
    try:
        desk.storage.check()
        counted: Counter[str] = Counter()
        for fault in sweep_jobs.list_faults(desk.storage, deep=deep):
            counted[fault.why] += 1
            if counted.total() <= FAULTS_PRINTED_MAX:
                click.echo(f"{fault.why}: {fault.file_id}")
        unknown = sweep_jobs.count_unknown(desk.storage)
    except StorageAway as away:
        raise click.ClickException(f"the storage does not answer: {away}") from None
    except DBAPIError:
        raise click.ClickException("the database does not answer: check DATABASE_URL.") from None
    click.echo(f"{unknown} stored files are named by no row; the worker deletes them after a day.")
    _check_scanner(desk)
    if counted:
        counts_text = ", ".join(f"{n} {why}" for why, n in sorted(counted.items()))
        raise click.ClickException(f"files are not as they were sent: {counts_text}.")
    click.echo("Every file is there.")


def _check_scanner(desk: UploadIntake) -> None:
    if desk.clamd is None:
        click.echo("No scanner is configured (CLAMD_URL).")
        return
    try:
        scanner.ping(desk.clamd)
    except ScannerAway as away:
        raise click.ClickException(f"the scanner does not answer: {away}.") from None
    click.echo("The scanner answers.")
