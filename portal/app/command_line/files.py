"""`flask files`: whether attached files are complete and unchanged."""

from collections import Counter

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from portal.collaboration.files import sweep_jobs
from portal.platform.kernel.services import get_service
from portal.platform.storage import scanner
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.scanner import ScannerAway
from portal.platform.storage.storage import StorageAway

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
        for fault in sweep_jobs.list_faults(intake.storage, deep=deep):
            counts[fault.why] += 1
            if counts.total() <= FAULTS_PRINTED_MAX:
                click.echo(f"{fault.why}: {fault.file_id}")
        unknown = sweep_jobs.count_unknown(intake.storage)
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


def _check_scanner(intake: UploadIntake) -> None:
    if intake.clamd is None:
        click.echo("No scanner is configured (CLAMD_URL).")
        return
    try:
        scanner.ping(intake.clamd)
    except ScannerAway as away:
        raise click.ClickException(f"the scanner does not answer: {away}.") from None
    click.echo("The scanner answers.")
