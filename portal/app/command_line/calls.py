"""`flask call`: imports the applications of a call; ranks those of plain data."""

import json
from pathlib import Path

import click

from portal.app.command_line.call_imports import import_call
from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.selection.ranking.schemas import InvalidRankingFile, rank_calls_in_json_text

group = DatabaseCommandGroup("call", help="Calls for applications.")
group.add_command(import_call)


@group.command("rank")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def rank_call(file: Path) -> None:
    """Print the ranking of a call, or of a list of calls, as JSON.

    FILE is JSON: {"needed": scores asked, "criteria": [{"key", "weight", "minimum"}],
    "applications": [{"id", "scores": {juror: {key: 0 to 5}}}]}. It is computed without the
    database, by the portal's own rule.
    """
    try:
        answer = rank_calls_in_json_text(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is no text in UTF-8.") from None
    except InvalidRankingFile as invalid:
        raise click.ClickException(f"{file} holds no call to rank:\n{invalid}") from None
    except OSError as failed:
        raise click.ClickException(f"{file} cannot be read: {failed.strerror}.") from None
    click.echo(json.dumps(answer, indent=1))
