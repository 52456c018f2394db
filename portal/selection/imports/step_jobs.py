"""One step of a run: a page of the form, of applications, or of those that are gone."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.platform.kernel.database import read_only_transaction, transaction
from portal.selection.imports import file_commands, page_commands, queries, run_commands
from portal.selection.imports.application_rules import UnreadableApplication
from portal.selection.imports.commands import procedure_as_json
from portal.selection.imports.dossier_rules import (
    FieldMissing,
    SourceApplication,
    SourceFile,
    Tombstone,
    read_dossier,
    read_tombstone,
)
from portal.selection.imports.export_documents import ExportReader
from portal.selection.imports.file_commands import AddressExpired, FetchedFile
from portal.selection.imports.form_rules import compare_forms
from portal.selection.imports.labels import LINE_MARK
from portal.selection.imports.models import FileOutcome, ImportMode, RemovalKind, RunPhase
from portal.selection.imports.page_commands import ParsedSourcePage
from portal.selection.imports.policy import is_receiving_applications
from portal.selection.imports.procedure_queries import ProcedureSource, SourceRefused
from portal.selection.imports.run_commands import ClaimedRun

FILE_PAGE = 200  # lines
UNFINISHED_PAGE = 20  # read one by one
PASSING_PROBLEMS = frozenset({"timeout", "network", "encoding", "too_many", "server_error", "not_json"})
_TOMBSTONES = {
    RunPhase.DELETED: ("deletedDossiers", RemovalKind.DELETED, RunPhase.BIN),
    RunPhase.BIN: ("pendingDeletedDossiers", RemovalKind.BIN, RunPhase.ABSENT),
}


def run_file_step(claimed: ClaimedRun, reader: ExportReader) -> ClaimedRun | None:
    """The same for a file: its next lines, then the end.

    Raises `SourceRefused` where the file can no longer be read.
    """
    if claimed.phase is not RunPhase.APPLICATIONS:
        _conclude_run(claimed)
        return None
    lines = reader.read_lines(int(claimed.cursor or 0), FILE_PAGE)
    read, unreadable = [], []
    for line in lines:
        try:
            read.append(reader.read_application(line))
        except UnreadableApplication as fault:
            unreadable.append((f"{LINE_MARK}{line.line}", fault.code))
    is_over = len(lines) < FILE_PAGE
    place = int(claimed.cursor or 0) + len(lines)
    phase, cursor = (RunPhase.ABSENT, "") if is_over else (RunPhase.APPLICATIONS, str(place))
    return _write_applications_page_and_step(claimed, ParsedSourcePage(read, {}, unreadable), phase, cursor)


def run_procedure_step(claimed: ClaimedRun, source: ProcedureSource) -> ClaimedRun | None:
    """Read the next page and write it; None at the end of the run.

    Raises `SourceRefused`, `SourceUnreachable`, `RunOvertaken`.
    """
    if claimed.phase is RunPhase.FORM:
        return _stop_if_form_changed(claimed, source)
    if claimed.phase is RunPhase.APPLICATIONS:
        return _import_applications_page(claimed, source)
    if claimed.phase is RunPhase.UNFINISHED:
        return _import_applications_again(claimed, source)
    if claimed.phase in _TOMBSTONES:
        return _withdraw_removed_applications(claimed, source)
    _conclude_run(claimed)
    return None


def _stop_if_form_changed(claimed: ClaimedRun, source: ProcedureSource) -> ClaimedRun | None:
    """Stop where the fields of a revision are not those that a lead confirmed."""
    procedure = source.read_procedure(claimed.procedure_number)
    same = set(claimed.revisions)
    for form in procedure.forms:
        if form.revision in same:
            continue
        changes = compare_forms(claimed.form, form, claimed.mapping)
        if changes:
            with transaction():
                run_commands.stop_for_new_form(
                    claimed, procedure_as_json(procedure), [change.as_json() for change in changes]
                )
            return None
        same.add(form.revision)
    with transaction():
        run, _call = run_commands.lock_claimed_run_and_call(claimed)
        if not claimed.is_dry and same != claimed.revisions:
            queries.get_source(run.call_id).revisions = sorted(same)
        return run_commands.note_next_step(run, RunPhase.APPLICATIONS, "")


def _import_applications_page(claimed: ClaimedRun, source: ProcedureSource) -> ClaimedRun:
    page = source.read_applications(claimed.procedure_number, claimed.cursor, claimed.since)
    read, unreadable = _parse_applications(page.nodes)
    is_complete = claimed.mode is ImportMode.COMPLETE
    after = RunPhase.DELETED if is_complete else RunPhase.UNFINISHED
    phase, cursor = (RunPhase.APPLICATIONS, page.end_cursor) if page.has_next else (after, "")
    unreadable = [*page.unreadable, *unreadable]
    return _write_applications_page_and_step(
        claimed, ParsedSourcePage(read, _fetch_files(claimed, source, read), unreadable), phase, cursor
    )


def _parse_applications(
    nodes: Sequence[Mapping[str, Any]],
) -> tuple[list[SourceApplication], list[tuple[str, str]]]:
    """The applications of a page, and those that cannot be read. A name that the API lost stops
    the run where it is missing everywhere."""
    read, unreadable = [], []
    for node in nodes:
        try:
            read.append(read_dossier(node))
        except FieldMissing as missing:
            unreadable.append((str(node.get("number", "")), f"missing_field {missing.name}"))
    if nodes and not read and len(nodes) > 1:
        raise SourceRefused("missing_field", unreadable[0][1].partition(" ")[2])
    return read, unreadable


def _import_applications_again(claimed: ClaimedRun, source: ProcedureSource) -> ClaimedRun:
    """Read again, one by one, what the source completes without saying so."""
    with read_only_transaction():
        numbers = queries.list_application_numbers_to_read_again(
            claimed.call_id, claimed.cursor, UNFINISHED_PAGE
        )
    nodes = [node for number in numbers if (node := source.read_application(number)) is not None]
    read, unreadable = _parse_applications(nodes)
    is_over = len(numbers) < UNFINISHED_PAGE
    phase, cursor = (RunPhase.DELETED, "") if is_over else (RunPhase.UNFINISHED, numbers[-1])
    return _write_applications_page_and_step(
        claimed, ParsedSourcePage(read, _fetch_files(claimed, source, read), unreadable), phase, cursor
    )


def _write_applications_page_and_step(
    claimed: ClaimedRun, read: ParsedSourcePage, phase: RunPhase, cursor: str
) -> ClaimedRun:
    """Write a page, and what comes next; the bytes of files that no row refers to go."""
    try:
        with transaction():
            run, call = run_commands.lock_claimed_run_and_call(claimed)
            if not is_receiving_applications(call):
                raise SourceRefused("call_closed")
            page_commands.write_applications_page(claimed, run, call, read)
            if claimed.mode is ImportMode.COMPLETE:
                run.numbers_read = [*run.numbers_read, *(each.number for each in read.applications)]
            return run_commands.note_next_step(run, phase, cursor)
    finally:
        file_commands.discard_unreferenced_files(read.files)


def _fetch_files(
    claimed: ClaimedRun, source: ProcedureSource, read: Sequence[SourceApplication]
) -> Mapping[str, Sequence[FetchedFile]]:
    """The files of these applications that are not settled yet, with their bytes."""
    if claimed.is_dry or not claimed.takes_files:
        return {}
    with read_only_transaction():
        stored = queries.map_files_by_source_number(claimed.call_id, [each.number for each in read])
        work = {
            each.number: file_commands.list_files_to_fetch_and_remove(each, stored.get(each.number, ()))
            for each in read
        }
    fetched: dict[str, list[FetchedFile]] = {}
    for application in read:
        unsettled, removed = work[application.number]
        if unsettled or removed:
            files = [_fetch_file(source, application, file) for file in unsettled]
            fetched[application.number] = [
                *files,
                *(file_commands.build_removed_file(key) for key in removed),
            ]
    return fetched


def _fetch_file(source: ProcedureSource, application: SourceApplication, file: SourceFile) -> FetchedFile:
    """Fetch a file; where its address has expired, ask once for another."""
    key = file_commands.file_key(file)
    try:
        return file_commands.fetch_file(file)
    except AddressExpired:
        node = source.read_application(application.number)
    try:
        renewed = read_dossier(node).files if node is not None else ()
        again = next((each for each in renewed if file_commands.file_key(each) == key), None)
        return FetchedFile(file, FileOutcome.AWAY) if again is None else file_commands.fetch_file(again)
    except (AddressExpired, FieldMissing):
        return FetchedFile(file, FileOutcome.AWAY)


def _withdraw_removed_applications(claimed: ClaimedRun, source: ProcedureSource) -> ClaimedRun:
    kind, reason, after = _TOMBSTONES[claimed.phase]
    since = run_commands.tombstone_reading_start(claimed)
    page = source.read_tombstones(claimed.procedure_number, kind, claimed.cursor, since)
    try:
        tombstones: list[Tombstone] = [read_tombstone(node) for node in page.nodes]
    except FieldMissing as missing:
        raise SourceRefused("missing_field", missing.name) from None
    with transaction():
        run, call = run_commands.lock_claimed_run_and_call(claimed)
        page_commands.withdraw_removed_applications(run, call, tombstones, reason)
        phase, cursor = (claimed.phase, page.end_cursor) if page.has_next else (after, "")
        return run_commands.note_next_step(run, phase, cursor)


def _conclude_run(claimed: ClaimedRun) -> None:
    """End the run; a complete one withdraws what it did not see."""
    with transaction():
        run, call = run_commands.lock_claimed_run_and_call(claimed)
        if claimed.mode is ImportMode.COMPLETE:
            absent = page_commands.list_absent_applications_as_tombstones(run, call)
            run.is_complete = absent is not None
            page_commands.withdraw_removed_applications(run, call, absent or (), RemovalKind.ABSENT)
        run_commands.finish_run(run, call)
