"""What the worker does: plan the runs of a schedule, and advance those that are due.

A step reads from the source without a transaction, then writes in one. A run that is long is
advanced for some seconds a round, so that mails leave meanwhile.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.platform.kernel import clock
from portal.platform.kernel.database import read_only_transaction, transaction
from portal.platform.kernel.errors import PortalError
from portal.platform.tables.csv_file import UnreadableFile
from portal.selection.calls.models import Call
from portal.selection.imports import queries, run_commands, step_jobs
from portal.selection.imports.export_documents import ExportReader
from portal.selection.imports.models import CallSource, ImportMode, ImportRun, RunState
from portal.selection.imports.policy import is_receiving_applications
from portal.selection.imports.procedure_commands import make_procedure_reader
from portal.selection.imports.procedure_queries import ProcedureReader, SourceRefused, SourceUnreachable
from portal.selection.imports.run_commands import ClaimedRun, RunOvertaken
from portal.selection.imports.upload_commands import open_export_reader

log = structlog.get_logger("portal")

ROUND_SECONDS = 10.0
INTERVAL = timedelta(hours=1)
NIGHT_HOURS = range(2, 24)  # from two in the morning in Paris: everything is read once a day


def run_due_imports() -> int:
    """Plan what is due, and advance one run; returns how many steps were written."""
    plan_scheduled_runs()
    with read_only_transaction():
        run_id = queries.find_due_run_id(clock.now())
    if run_id is None:
        return 0
    return advance_run(run_id, ROUND_SECONDS, by_force=False)


def advance_run(
    run_id: UUID, seconds: float, *, by_force: bool = True, pause: Callable[[float], None] = time.sleep
) -> int:
    """Advance a run for some seconds, or to its end; returns how many steps were written.

    A run that the source does not answer is postponed; whoever waits for it calls again.
    """
    with transaction():
        claimed = run_commands.claim_run(run_id, by_force=by_force)
    open_reader: Callable[[], ProcedureReader | ExportReader | None] | None = None  # once for all steps
    ends, steps = time.monotonic() + seconds, 0
    try:
        while claimed is not None:
            open_reader = open_reader or cache(partial(_open_run_reader, claimed, pause))
            claimed = _run_next_step(claimed, open_reader)
            steps += 1
            if time.monotonic() >= ends and claimed is not None:
                with transaction():
                    run_commands.unclaim_run(claimed)
                break
    except RunOvertaken:
        log.warning("import overtaken", run_id=str(run_id))
    return steps


def _open_run_reader(
    claimed: ClaimedRun, pause: Callable[[float], None]
) -> ProcedureReader | ExportReader | None:
    """What a run reads from; None where the token cannot be decrypted."""
    if claimed.mode is not ImportMode.FILE:
        return make_procedure_reader(claimed.token, pause)
    with read_only_transaction():
        return open_export_reader(queries.get_export_file(claimed.call_id))


def _run_next_step(
    claimed: ClaimedRun, open_reader: Callable[[], ProcedureReader | ExportReader | None]
) -> ClaimedRun | None:
    """Read and write the next step; None where the run has ended, or waits."""
    try:
        reader = open_reader()
        if reader is None:
            raise SourceRefused("token_unreadable")
        if isinstance(reader, ExportReader):
            return step_jobs.run_file_step(claimed, reader)
        return step_jobs.run_procedure_step(claimed, reader)
    except UnreadableFile as refused:
        with transaction():
            run_commands.stop_run(claimed, "unreadable_file", refused.code)
    except SourceRefused as stopped:
        log.warning("import stopped", run_id=str(claimed.id), code=stopped.code)
        with transaction():
            run_commands.stop_run(claimed, stopped.code, stopped.detail)
    except SourceUnreachable as away:
        log.warning("import postponed", run_id=str(claimed.id), code=away.code)
        with transaction():
            run_commands.postpone_run(claimed, away.code, away.detail, away.wait)
    except RunOvertaken:
        raise
    except Exception as failed:
        _end_failed_run(claimed, failed)
        raise  # the worker notes it among its jobs
    return None


def _end_failed_run(claimed: ClaimedRun, failed: Exception) -> None:
    """Stop a run at an error of the portal; where the database was away or busy, try again first."""
    fault = type(failed).__name__
    log.error("import failed", run_id=str(claimed.id), fault=fault)
    with transaction():
        if isinstance(failed, (OperationalError, InterfaceError, PoolTimeout)):
            run_commands.postpone_run(claimed, "failed", fault, 0)
        else:
            run_commands.stop_run(claimed, "failed", fault)


def plan_scheduled_runs() -> int:
    """Queue the runs of the schedule: everything once a day, what changed each hour."""
    with read_only_transaction():
        due = [
            (call.id, mode)
            for call, source, last in queries.list_scheduled_calls()
            if (mode := find_due_mode(call, source, last)) is not None
        ]
    count = 0
    for call_id, mode in due:
        try:
            with transaction():
                run_commands.start_run(None, queries.get_fresh_call(call_id), mode, is_dry=False)
            count += 1
        except PortalError:  # somebody started one meanwhile, or closed the call
            continue
    return count


def find_due_mode(call: Call, source: CallSource, last: ImportRun | None) -> ImportMode | None:
    """Which run of the schedule is due; None while one is under way, or somebody must act first."""
    if not source.is_ready or not is_receiving_applications(call):
        return None
    now = clock.now()
    if last is not None:
        must_act = last.state is RunState.STOPPED and last.problem not in step_jobs.PASSING_PROBLEMS
        if last.is_under_way or must_act or last.created_at > now - INTERVAL:
            return None
    is_night = now.astimezone(ZoneInfo(clock.DEFAULT_ZONE)).hour in NIGHT_HOURS
    if is_night and source.complete_on != clock.today():
        return ImportMode.COMPLETE
    return ImportMode.INCREMENTAL
