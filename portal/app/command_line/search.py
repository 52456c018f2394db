"""`flask search`: the index of words, written anew or compared with what it is made of."""

import click

from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.collaboration.search.commands import rebuild_search_index
from portal.collaboration.search.index_queries import count_index_differences_by_kind
from portal.platform.kernel.database import read_only_transaction, transaction

group = DatabaseCommandGroup("search", help="The index that searches read.")


@group.command("rebuild")
def rebuild_index() -> None:
    """Write the whole index anew from the features' own rows."""
    with transaction():
        count = rebuild_search_index()
    click.echo(f"{count} texts are indexed.")


@group.command("check")
def check() -> None:
    """Compare the index with the features' rows; exit with 1 when they differ."""
    with read_only_transaction():
        differences = count_index_differences_by_kind()
    for kind, (missing, left_over) in sorted(differences.items()):
        click.echo(f"{kind}: {missing} missing, {left_over} left over")
    if differences:
        raise click.ClickException("the index differs from the texts: run `flask search rebuild`")
    click.echo("The index is whole.")
