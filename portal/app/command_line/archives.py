"""`flask archive`: check an archive of a programme, on any machine."""

from pathlib import Path

import click
from flask.cli import AppGroup

from portal.app.archives.verification import ArchiveUnreadable, verify_archive

FAULTS_PRINTED_MAX = 50

group = AppGroup("archive", help="Archives of programmes.")


@group.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fingerprint", default="", help="The one that the portal shows: 64 hexadecimal digits.")
def verify(file: Path, fingerprint: str) -> None:
    """Check an archive without a database; print what was changed, and exit with 1."""
    try:
        report = verify_archive(file, fingerprint)
    except ArchiveUnreadable as unreadable:
        raise click.ClickException(str(unreadable)) from None
    for fault in report.faults[:FAULTS_PRINTED_MAX]:
        click.echo(fault)
    if len(report.faults) > FAULTS_PRINTED_MAX:
        click.echo(f"… and {len(report.faults) - FAULTS_PRINTED_MAX} more")
    manifest = report.manifest
    click.echo(
        f"{manifest.programme}, made {manifest.made_at} by portal {manifest.version}:"
        f" {len(manifest.files)} files, {manifest.lines} lines of the trail."
    )
    click.echo(f"Fingerprint: {report.fingerprint}")
    click.echo(f"Anchor of the trail: {manifest.anchor}")
    if report.faults:
        raise click.ClickException(f"the archive is not as it was made (faults: {len(report.faults)})")
    click.echo("The archive is whole.")
