"""`flask audit`: whether the trail of who did what is as it was written."""

from re import fullmatch

import click

from portal.cli.group import Group
from portal.kernel.audit_chain import last_seal
from portal.kernel.audit_check import Anchor, Walk
from portal.kernel.db import db

TOLD = 50  # faults that are written out

group = Group("audit", help="The audit trail of this installation.")


def _anchor(text: str) -> Anchor:
    """`NUMBER:HASH`, as `flask audit anchor` prints it."""
    parts = fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text.strip())
    if parts is None:
        raise click.BadParameter("is a number, a colon and 64 hexadecimal digits")
    return Anchor(int(parts[1]), parts[2])


@group.command("verify")
@click.option(
    "--anchor",
    "anchors",
    type=_anchor,
    metavar="NUMBER:HASH",
    multiple=True,
    help="A seal noted earlier: shows that what came before is still all there. May be repeated.",
)
def verify(anchors: tuple[Anchor, ...]) -> None:
    """Walk the whole trail; say what was changed, removed, moved or added, and exit with 1."""
    walk = Walk(anchors)
    found = 0
    for found, fault in enumerate(walk.faults(), 1):
        if found <= TOLD:
            click.echo(fault)
    if found > TOLD:
        click.echo(f"… and {found - TOLD} more")
    click.echo(f"{walk.seals} seals read. Anchor to keep elsewhere: {walk.last}")
    if found:
        raise click.ClickException(f"the audit trail is not as it was written ({found} faults)")
    click.echo("The audit trail is whole.")


@group.command("anchor")
def anchor() -> None:
    """Print the newest seal, to be kept where whoever holds the database cannot write."""
    click.echo(Anchor(*last_seal(db.session())))
