"""`flask audit`: verification of the audit trail."""

from re import fullmatch

import click

from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.platform.kernel.audit_chain import read_last_seal_number_and_hash
from portal.platform.kernel.audit_verification import AuditAnchor, AuditTrailVerification
from portal.platform.kernel.database import db

FAULTS_PRINTED_MAX = 50

group = DatabaseCommandGroup("audit", help="The audit trail of this installation.")


def _parse_anchor(text: str) -> AuditAnchor:
    """Parse `NUMBER:HASH`, as printed by `flask audit anchor`."""
    parts = fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text.strip())
    if parts is None:
        raise click.BadParameter("is a number, a colon and 64 hexadecimal digits")
    return AuditAnchor(int(parts[1]), parts[2])


@group.command("verify")
@click.option(
    "--anchor",
    "anchors",
    type=_parse_anchor,
    metavar="NUMBER:HASH",
    multiple=True,
    help="A seal noted earlier: shows that what came before is still all there. May be repeated.",
)
@click.option(
    "--since",
    type=_parse_anchor,
    metavar="NUMBER:HASH",
    help="The anchor that a whole verification printed: what stands before it is not read again.",
)
def verify(anchors: tuple[AuditAnchor, ...], since: AuditAnchor | None) -> None:
    """Verify the trail; print what was changed, removed, moved or added, and exit with 1."""
    if since is not None:
        anchors = tuple(anchor for anchor in anchors if anchor.number > since.number)
    walk = AuditTrailVerification(anchors, since=since)
    fault_count = 0
    for fault_count, fault in enumerate(walk.list_faults(), 1):
        if fault_count <= FAULTS_PRINTED_MAX:
            click.echo(fault)
    if fault_count > FAULTS_PRINTED_MAX:
        click.echo(f"… and {fault_count - FAULTS_PRINTED_MAX} more")
    click.echo(f"{walk.seals} seals read. Anchor to keep elsewhere: {walk.last}")
    if fault_count:
        raise click.ClickException(f"the audit trail is not as it was written (faults: {fault_count})")
    click.echo("The audit trail is whole." if since is None else f"It is whole since seal {since.number}.")


@group.command("anchor")
def print_anchor() -> None:
    """Print the newest seal, to be stored where the database's administrators cannot write."""
    click.echo(AuditAnchor(*read_last_seal_number_and_hash(db.session())))
