"""Start, claim, advance and end runs. Each function is one short transaction of its caller.

A run is claimed before each step and written only by whoever holds the claim: a process that was
overtaken, or that comes back after its lease, writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.calls import commands as calls
from portal.selection.calls.models import Call
from portal.selection.imports import policy, queries
from portal.selection.imports.export_rules import FILE_REVISION
from portal.selection.imports.form_rules import ProcedureForm
from portal.selection.imports.models import (
    DETAIL_MAX,
    RUN_MAX,
    ImportMode,
    ImportRun,
    RunPhase,
    RunState,
)

STARTED = audit.Action("call.import_started", _l("a lancé un import des candidatures de l’appel %(number)s"))
ENDED = audit.Action("call.imported", _l("a reçu des candidatures importées dans l’appel %(number)s"))
FILE_REVISIONS = frozenset({FILE_REVISION})
STOPPED = audit.Action(
    "call.import_stopped", _l("n’a pas pu importer les candidatures de l’appel %(number)s")
)
LEASE = timedelta(minutes=5)
ATTEMPTS_MAX = 6  # rounds without an answer from the source
RETRY_STEP = timedelta(seconds=30)  # more after each
RETRY_MAX = timedelta(minutes=15)
OVERLAP = timedelta(minutes=10)  # slow transactions of the source
TOMBSTONE_MARGIN = timedelta(days=16)  # a deletion may be told with the day of the bin, 14 days before
UNREADABLE_MAX = 1000
DIFFERENCES_MAX = 300
COUNTS = ("created", "updated", "unchanged", "older", "withdrawn", "unreadable", "files")


class RunOvertaken(Exception):
    """Another process holds the run, or it has ended."""


@dataclass(frozen=True, kw_only=True)
class ClaimedRun:
    """A run as its holder reads it, until the next step is written."""

    id: UUID
    claim: UUID | None
    call_id: UUID
    mode: ImportMode
    is_dry: bool
    phase: RunPhase
    cursor: str
    since: str
    mapping: Mapping[str, str]
    revisions: frozenset[str]
    person_id: UUID
    procedure_number: int = 0
    token: str = ""  # encrypted
    form: ProcedureForm = field(default_factory=lambda: ProcedureForm("", ()))
    takes_files: bool = False


def start_run(actor: Actor | None, call: Call, mode: ImportMode, *, is_dry: bool) -> ImportRun:
    """Queue a run; without an actor, for the schedule or the command line.

    Raises `NotAllowed`; `RuleBroken` without a confirmed mapping; `TooLate` while another run is
    under way, or once the jury examines.
    """
    if actor is not None:
        calls.require_lead(actor, call)
    lock_row(Call, call.id)
    source = queries.find_source(call)
    if source is None or not source.is_ready:
        raise RuleBroken(None, _("Reliez d’abord les champs de la démarche à ceux d’une candidature."))
    # Everything is read where nothing was yet.
    is_first = mode is ImportMode.INCREMENTAL and not source.updated_since
    mode = ImportMode.COMPLETE if is_first else mode
    run = queue_run_of_locked_call(actor, call, mode, is_dry=is_dry)
    run.since = "" if mode is ImportMode.COMPLETE else _subtract_from_moment(source.updated_since, OVERLAP)
    run.watermark = source.updated_since
    return run


def queue_run_of_locked_call(actor: Actor | None, call: Call, mode: ImportMode, *, is_dry: bool) -> ImportRun:
    """Queue a run of a call that the caller locked. Raises `RuleBroken`, `TooLate` as above."""
    reload_row(call)
    require_receiving_applications(call)
    if queries.find_unfinished_run(call) is not None:
        raise TooLate(_("Un import de cet appel est en cours : attendez sa fin."), imports_path(call))
    number = queries.next_run_number(call)
    if number > RUN_MAX:
        raise RuleBroken(None, _("Cet appel a atteint %(n)s imports.", n=RUN_MAX))
    queries.clear_dry_run_differences(call)
    run = ImportRun(
        call_id=call.id,
        number=number,
        mode=mode,
        phase=RunPhase.APPLICATIONS if mode is ImportMode.FILE else RunPhase.FORM,
        is_dry=is_dry,
        started_by_id=actor.person_id if actor else None,
        counts=dict.fromkeys(COUNTS, 0),
        unreadable=[],
        differences=[],
        numbers_read=[],
        due_at=clock.now(),
    )
    db.session.add(run)
    db.session.flush()
    if actor is not None:
        audit.record(actor, STARTED, call, scope_id=call.programme_id, facts=import_event_facts(call))
    outbox.wake_sender_after_commit()
    return run


def _subtract_from_moment(moment: str, by: timedelta) -> str:
    """A moment of the server, earlier; "" where it is not understood: everything is read."""
    try:
        return (datetime.fromisoformat(moment) - by).isoformat()
    except ValueError:
        return ""


def tombstone_reading_start(run: ClaimedRun) -> str:
    """From when an incremental run asks for deletions; a complete one reads them all."""
    return _subtract_from_moment(run.since, TOMBSTONE_MARGIN) if run.since else ""


def require_receiving_applications(call: Call) -> None:
    """Raise `TooLate` once the jury examines the applications."""
    if not policy.is_receiving_applications(call):
        sentence = _("Cet appel ne reçoit pas de candidature : il n’est pas ouvert, ou le jury l’examine.")
        raise TooLate(sentence, imports_path(call))


def imports_path(call: Call) -> str:
    """The path of the imports of a call."""
    slug = db.session.scalar(select(Programme.slug).where(Programme.id == call.programme_id))
    return f"/programmes/{slug}/calls/{call.number}/imports"


def claim_run(run_id: UUID, *, by_force: bool = True) -> ClaimedRun | None:
    """Claim a run, also from another holder; None where it has ended, or (without force) somebody
    else was quicker. The caller commits."""
    lock_row(ImportRun, run_id)
    run = queries.get_fresh_run(run_id)
    now = clock.now()
    is_held = run.leased_until is not None and run.leased_until > now
    if run.ended_at is not None or (is_held and not by_force):
        return None
    run.state, run.claim, run.leased_until = RunState.RUNNING, new_id(), now + LEASE
    return _build_claimed_run(run)


def _build_claimed_run(run: ImportRun) -> ClaimedRun:
    plain = {
        name: getattr(run, name)
        for name in ("id", "claim", "call_id", "mode", "is_dry", "phase", "cursor", "since")
    }
    if run.mode is ImportMode.FILE:
        file = queries.get_export_file(run.call_id)
        person_id = run.started_by_id or file.person_id
        return ClaimedRun(**plain, mapping=file.mapping, revisions=FILE_REVISIONS, person_id=person_id)
    source = queries.get_source(run.call_id)
    return ClaimedRun(
        **plain,
        procedure_number=source.procedure_number,
        token=source.token,
        mapping=source.mapping,
        form=ProcedureForm.from_json(source.form),
        revisions=frozenset(source.revisions),
        takes_files=source.takes_files,
        person_id=run.started_by_id or source.person_id,
    )


def lock_claimed_run_and_call(claimed: ClaimedRun) -> tuple[ImportRun, Call]:
    """Lock a run and its call for the next step. Raises `RunOvertaken`."""
    lock_row(Call, claimed.call_id)
    lock_row(ImportRun, claimed.id)
    run = queries.get_fresh_run(claimed.id)
    if run.claim != claimed.claim or run.ended_at is not None:
        raise RunOvertaken
    return run, queries.get_fresh_call(claimed.call_id)


def note_next_step(run: ImportRun, phase: RunPhase, cursor: str) -> ClaimedRun:
    """Note where the next step goes on, with a new lease."""
    run.phase, run.cursor, run.attempts = phase, cursor, 0
    run.leased_until = clock.now() + LEASE
    db.session.flush()
    return _build_claimed_run(run)


def add_counts(run: ImportRun, counts: Mapping[str, int]) -> None:
    """Add to the counts of a run."""
    run.counts = {name: run.counts.get(name, 0) + counts.get(name, 0) for name in COUNTS}


def add_unreadable_applications(run: ImportRun, entries: Sequence[tuple[str, str]]) -> None:
    """List what could not be read, at most `UNREADABLE_MAX`; all are counted."""
    if entries:
        listed = [[number, reason[:DETAIL_MAX]] for number, reason in entries]
        run.unreadable = [*run.unreadable, *listed][:UNREADABLE_MAX]
        add_counts(run, {"unreadable": len(entries)})


def add_dry_run_differences(run: ImportRun, entries: Sequence[dict[str, Any]]) -> None:
    """List what a dry run would change, at most `DIFFERENCES_MAX`."""
    if entries:
        run.differences = [*run.differences, *entries][:DIFFERENCES_MAX]


def unclaim_run(claimed: ClaimedRun) -> None:
    """Let go of a run that has more to read, for the next round."""
    run, _call = lock_claimed_run_and_call(claimed)
    run.claim = run.leased_until = None
    outbox.wake_sender_after_commit()


def postpone_run(claimed: ClaimedRun, code: str, detail: str, wait: float) -> datetime | None:
    """Try again later, or stop after `ATTEMPTS_MAX` rounds in vain; returns when, or None."""
    run, call = lock_claimed_run_and_call(claimed)
    run.attempts += 1
    if run.attempts >= ATTEMPTS_MAX:
        _stop_and_tell_leads(run, call, code, detail)
        return None
    run.due_at = clock.now() + min(max(timedelta(seconds=wait), run.attempts * RETRY_STEP), RETRY_MAX)
    run.leased_until = run.claim = None
    return run.due_at


def stop_run(claimed: ClaimedRun, code: str, detail: str) -> None:
    """End a run that cannot go on before somebody acts."""
    _stop_and_tell_leads(*lock_claimed_run_and_call(claimed), code, detail)


def _stop_and_tell_leads(run: ImportRun, call: Call, code: str, detail: str) -> None:
    """End a run, and tell the leads, who must act."""
    end_run_with_state(run, RunState.STOPPED, code, detail)
    if not run.is_dry and policy.is_receiving_applications(call):
        audit.record(None, STOPPED, call, scope_id=call.programme_id, facts=import_event_facts(call))


def stop_for_new_form(claimed: ClaimedRun, form: dict[str, Any], changes: Sequence[dict[str, Any]]) -> None:
    """End a run because the form changed, and keep the comparison for a lead."""
    run, call = lock_claimed_run_and_call(claimed)
    _stop_and_tell_leads(run, call, "form_changed", "")
    if not claimed.is_dry:
        source = queries.get_source(run.call_id)
        source.new_form, source.changes = form, list(changes)


def finish_run(run: ImportRun, call: Call) -> None:
    """End a run that read everything it should."""
    end_run_with_state(run, RunState.DONE, "", "")
    if run.is_dry:
        return
    _note_reading_progress(run)
    if any(run.counts.get(name) for name in ("created", "updated", "withdrawn")):
        audit.record(None, ENDED, call, scope_id=call.programme_id, facts=import_event_facts(call))


def _note_reading_progress(run: ImportRun) -> None:
    """Note how far the source was read."""
    if run.mode is ImportMode.FILE:
        return
    source = queries.get_source(run.call_id)
    source.updated_since = max(source.updated_since, run.watermark)
    today = clock.day_of(run.created_at)
    if run.is_complete and source.complete_on != today:
        source.complete_on = today


def end_run_with_state(run: ImportRun, state: RunState, code: str, detail: str) -> None:
    """End a run, so that nobody holds it any more."""
    run.state, run.problem, run.detail = state, code, detail[:DETAIL_MAX]
    run.ended_at, run.claim, run.leased_until = clock.now(), None, None
    run.numbers_read = []


def import_event_facts(call: Call) -> dict[str, Any]:
    """The facts of an event: its line leads to the imports."""
    return calls.call_audit_facts(call) | {"path": imports_path(call)}
