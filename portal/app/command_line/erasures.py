"""`flask erasures`: erase again after a restore, by the journal of erasures."""

from pathlib import Path

import click
from flask import current_app

from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.people.privacy.erasure_jobs import replay
from portal.people.privacy.journal_exports import JOURNAL_FILE, read_entries
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings

group = DatabaseCommandGroup("erasures", help="Erasures of people.")


@group.command("replay")
@click.argument("journal", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def replay_command(journal: Path | None) -> None:
    """Erase again whoever a JOURNAL names and a restored copy brought back; by default its own."""
    path = journal or own_journal()
    if not path.exists():
        raise click.ClickException(f"{path} is not there: name the journal of erasures.")
    replay_journal(path)


def own_journal() -> Path:
    return get_service(Settings, current_app).data_dir / JOURNAL_FILE


def replay_journal(path: Path) -> None:
    """Replay a journal and print how many people were erased again. Raises `ClickException`."""
    try:
        entries = list(read_entries(path))
    except (ValueError, TypeError):
        raise click.ClickException(f"{path} is no journal of erasures.") from None
    count = sum(map(replay, entries))
    click.echo(f"{count} of {len(entries)} erasures done again.", err=True)
