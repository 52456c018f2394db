"""`flask call import`: imports the applications of a call, here and now."""

import json
import time
from collections.abc import Callable
from uuid import UUID

import click
from flask.cli import with_appcontext

from portal.platform.kernel import clock
from portal.platform.kernel.database import read_only_transaction, transaction
from portal.platform.kernel.errors import NotFound, PortalError
from portal.platform.kernel.text import using_language
from portal.selection.imports import jobs, labels, queries, run_commands
from portal.selection.imports.models import ImportMode, RunState

FOREVER = float("inf")


@click.command("import")
@click.argument("slug")
@click.option("--complete", is_flag=True, help="Read everything: shows what is gone, too.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Count what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@with_appcontext
def import_call(slug: str, *, complete: bool, is_dry: bool, as_json: bool) -> None:
    """Import the applications of a call from the procedure that its leads connected.

    SLUG is that of its programme, or PROGRAMME/NUMBER where several of its calls import. A run that
    was stopped half-way goes on where it was.
    """
    mode = ImportMode.COMPLETE if complete else ImportMode.INCREMENTAL
    with using_language("en"):
        run_id = _find_or_start_run(slug, mode, is_dry=is_dry)
    counts = _advance_run_to_end(run_id, time.sleep)
    if as_json:
        click.echo(json.dumps(counts))
        return
    for name, count in counts.items():
        click.echo(f"{name}: {count}")


def _find_or_start_run(slug: str, mode: ImportMode, *, is_dry: bool) -> UUID:
    """The run that is under way, or a new one."""
    programme, _slash, number = slug.partition("/")
    try:
        with transaction():
            _programme, call = queries.get_programme_and_importing_call(
                programme, int(number) if number.isdigit() else None
            )
            unfinished = queries.find_unfinished_run(call)
            run = unfinished or run_commands.start_run(None, call, mode, is_dry=is_dry)
            return run.id
    except NotFound:
        sentence = f"{slug} names no call that imports, or several: write PROGRAMME/NUMBER."
        raise click.ClickException(sentence) from None
    except PortalError as refused:
        raise click.ClickException(str(getattr(refused, "message", refused))) from None


def _advance_run_to_end(run_id: UUID, pause: Callable[[float], None]) -> dict[str, int]:
    """Advance a run to its end, waiting where the source asks for it; its counts."""
    while True:
        jobs.advance_run(run_id, FOREVER)
        with read_only_transaction():
            run = queries.get_run_by_id(run_id)
            if run.state is RunState.STOPPED:
                with using_language("en"):
                    raise click.ClickException(labels.stopped_run_sentence(run.problem, run.detail))
            if not run.is_under_way:
                return {"run": run.number, **{name: run.counts.get(name, 0) for name in run_commands.COUNTS}}
            wait = (run.due_at - clock.now()).total_seconds()
        pause(max(0.0, wait))
