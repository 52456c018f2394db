"""`flask erasures`: after a restore, join and erase again, by the journals beside the database."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click
from flask import current_app

from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.communication.account_joins import jobs as account_joins
from portal.communication.account_joins.jobs import JoinReplayOutcome
from portal.people.privacy.erasure_jobs import replay_erasure
from portal.people.privacy.journal_exports import JOURNAL_FILE, read_entries
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings

Entry = TypeVar("Entry")
group = DatabaseCommandGroup("erasures", help="Erasures of people.")


@group.command("replay")
@click.argument("journal", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def replay_erasure_journal(journal: Path | None) -> None:
    """Erase again whoever a JOURNAL names and a restored copy brought back; by default its own.

    Accounts that were joined since the copy are joined again first, by the journal beside it.
    """
    path = journal or erasure_journal_path()
    join_path = path.with_name(account_joins.JOURNAL_FILE)
    if not path.exists() and not join_path.exists():
        raise click.ClickException(f"{path} is not there: name the journal of erasures.")
    replay_journals(path)


def erasure_journal_path() -> Path:
    return get_service(Settings, current_app).data_dir / JOURNAL_FILE


def replay_journals(path: Path) -> None:
    """Replay a journal of erasures, after the one of joins beside it, where they are; print how many
    people were joined and erased again. Raises `ClickException`."""
    _replay_account_joins(path.with_name(account_joins.JOURNAL_FILE))
    if path.exists():
        entries = _read_journal(path, read_entries)
        count = sum(map(replay_erasure, entries))
        left = len(entries) - count
        click.echo(f"Erasures: {count} done again, {left} with nothing left to erase.", err=True)


def _replay_account_joins(path: Path) -> None:
    """Join again, in the order of the journal: an account may have been joined into several in turn."""
    if not path.exists():
        return
    entries = _read_journal(path, account_joins.read_journal_entries)
    outcomes = [(entry, account_joins.replay_join(entry)) for entry in entries]
    done = sum(outcome is JoinReplayOutcome.JOINED for _entry, outcome in outcomes)
    click.echo(f"Joins of accounts: {done} done again, {len(entries) - done} not to be done.", err=True)
    for entry, outcome in outcomes:
        if outcome is JoinReplayOutcome.CLOSED:
            click.echo(f"{entry.former_id} cannot be joined as it was: it is closed.", err=True)


def _read_journal(path: Path, read: Callable[[Path], Iterable[Entry]]) -> list[Entry]:
    try:
        return list(read(path))
    except (ValueError, TypeError):
        raise click.ClickException(f"{path} is no journal of ours.") from None
