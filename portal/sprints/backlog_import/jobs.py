"""Jobs of the worker: compare waiting imports, write confirmed ones.

A lease reserves an import for one worker. A comparison is written in small transactions, so that
its progress is visible and blocks nobody; a confirmed import is written in one.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, lock_row, separate_transaction, transaction
from portal.platform.kernel.errors import Conflict, NotAllowed, RuleBroken
from portal.platform.kernel.leases import lease_first_waiting_row
from portal.platform.kernel.text import using_language
from portal.platform.tables.csv_file import CsvLayout, UnreadableFile, read_records
from portal.sprints.backlog.queries import get_last_event_number
from portal.sprints.backlog_import import queries
from portal.sprints.backlog_import.choice_rules import ImportChoices
from portal.sprints.backlog_import.comparison_rules import ImportLineOutcome, ItemLocation, compare_fields
from portal.sprints.backlog_import.item_commands import write_import
from portal.sprints.backlog_import.mapping_rules import BacklogLineProblem, BacklogRecordReader, ParsedRecord
from portal.sprints.backlog_import.models import BacklogImport, ImportLine, ImportStage
from portal.sprints.backlog_import.queries import MatchedItem

log = structlog.get_logger("portal")

LEASE_DURATION = timedelta(minutes=5)
ATTEMPTS_MAX = 3
BATCH = 500  # lines compared in one transaction

Element = TypeVar("Element")


@dataclass(frozen=True)
class ClaimedImport:
    """An import that is reserved for this worker until its lease ends."""

    id: UUID
    stage: ImportStage
    leased_until: datetime


class _LeaseLost(Exception):
    """The choices changed or the import was discarded meanwhile: the next claim starts again."""


def run_due_backlog_imports() -> int:
    """Process all due imports; return their number."""
    count = 0
    while (claimed := _claim_import()) is not None:
        count += 1
        log.info("import", import_id=str(claimed.id), stage=claimed.stage.value)
        with suppress(_LeaseLost):
            process = _compare_import if claimed.stage is ImportStage.WAITING else _write_claimed_import
            process(claimed)
    return count


def _claim_import() -> ClaimedImport | None:
    waiting = BacklogImport.stage.in_([ImportStage.WAITING, ImportStage.CONFIRMED])
    with separate_transaction() as session:
        row = lease_first_waiting_row(
            session,
            BacklogImport,
            waiting,
            BacklogImport.expires_at > clock.now(),
            duration=LEASE_DURATION,
            attempts_max=ATTEMPTS_MAX,
            give_up=_give_up_import,
        )
        return ClaimedImport(row.id, row.stage, cast(datetime, row.leased_until)) if row else None


def _give_up_import(row: BacklogImport) -> None:
    row.stage, row.refusal = ImportStage.REFUSED, "unfinished"


def _lock_claimed_import(session: Session, claimed: ClaimedImport) -> BacklogImport:
    """Lock the claimed row until the transaction ends. Raises `_LeaseLost`."""
    still_claimed = sa.select(BacklogImport).where(
        BacklogImport.id == claimed.id,
        BacklogImport.stage == claimed.stage,
        BacklogImport.leased_until == claimed.leased_until,
    )
    row = session.scalar(still_claimed.with_for_update())
    if row is None:
        raise _LeaseLost
    return row


def _compare_import(claimed: ClaimedImport) -> None:
    with separate_transaction() as session:
        imported = _lock_claimed_import(session, claimed)
        content = session.scalar(sa.select(BacklogImport.content).where(BacklogImport.id == imported.id))
        layout = CsvLayout(imported.encoding, imported.delimiter, imported.names)
        choices, team = (ImportChoices.from_json(imported.choices), queries.get_team_index(session, imported))
        reader = BacklogRecordReader(imported.tool, imported.names, choices, team)
        decisions = _read_previous_decisions(session, imported.id)
        session.execute(sa.delete(ImportLine).where(ImportLine.import_id == imported.id))
        last_event = get_last_event_number(imported.project_id, session)
    counts: dict[str, int] = {}
    first_lines: dict[UUID, int] = {}
    position = 0
    try:
        for batch in _iterate_batches(read_records(content or b"", layout), BATCH):
            parsed_records = [reader.read_record(record) for record in batch]
            with separate_transaction() as session:
                imported = _lock_claimed_import(session, claimed)
                matches = queries.match_items(session, imported, parsed_records)
                _mark_duplicates(parsed_records, matches, first_lines)
                lines = [
                    _build_line_values(parsed, matches.get(parsed.line), decisions)
                    for parsed in parsed_records
                ]
                rows = [
                    line | {"import_id": claimed.id, "position": position + n} for n, line in enumerate(lines)
                ]
                session.execute(sa.insert(ImportLine), rows)
                imported.lines_read = position = position + len(rows)
            for line in lines:
                _add_line_to_counts(counts, line)
    except UnreadableFile as refused:
        _refuse_file(claimed, refused)
        return
    with separate_transaction() as session:
        imported = _lock_claimed_import(session, claimed)
        imported.counts = counts | {"absent": queries.count_absent_items(session, imported)}
        imported.words = {"states": reader.states, "kinds": reader.kinds} | {
            "people": reader.people,
            "left": reader.left,
        }
        imported.event_number = last_event
        imported.stage, imported.leased_until = ImportStage.COMPARED, None


def _iterate_batches(elements: Iterable[Element], size: int) -> Iterator[list[Element]]:
    left = iter(elements)
    while batch := list(islice(left, size)):
        yield batch


def _read_previous_decisions(session: Session, import_id: UUID) -> dict[tuple[str, str], Any]:
    """The values taken over in the comparison before, by (reference, field)."""
    lines = sa.select(ImportLine.ref, ImportLine.changes, ImportLine.takes).where(
        ImportLine.import_id == import_id, ImportLine.mine
    )
    return {
        (ref, change["field"]): change["file"]
        for ref, changes, takes in session.execute(lines)
        for change in changes
        if change["field"] in takes
    }


def _mark_duplicates(
    parsed_records: list[ParsedRecord], matches: dict[int, MatchedItem], first_lines: dict[UUID, int]
) -> None:
    """Add a problem to later lines about the same item, whether by address or by id."""
    for parsed in parsed_records:
        matched = matches.get(parsed.line)
        first = first_lines.setdefault(matched.item_id, parsed.line) if matched else parsed.line
        if first != parsed.line and all(problem.code != "twice" for problem in parsed.problems):
            facts = {"value": parsed.key or parsed.ref, "first": first}
            parsed.problems.append(BacklogLineProblem("twice", facts=facts))


def _build_line_values(
    parsed: ParsedRecord, match: MatchedItem | None, decisions: dict[tuple[str, str], Any]
) -> dict[str, Any]:
    changes = []
    if match is not None and parsed.has_no_error and not parsed.is_left_aside:
        changes = [
            change.as_json()
            for change in compare_fields(match.values, match.imported_values, parsed.values, match.location)
        ]
    outcome = _find_line_outcome(parsed, match, changes)
    if outcome is not ImportLineOutcome.CHANGED:
        changes = []
    return {
        "line": parsed.line,
        "outcome": outcome,
        "ref": parsed.ref,
        "key": parsed.key,
        "title": parsed.values.get("title", ""),
        "reason": parsed.reason,
        "item_id": match and match.item_id,
        "item_number": match and match.number,
        "values": parsed.values,
        "changes": changes,
        "problems": [problem.as_json() for problem in parsed.problems],
        "takes": [
            change["field"]
            for change in changes
            if change["mine"] and decisions.get((parsed.ref, change["field"])) == change["file"]
        ],
        "mine": any(change["mine"] for change in changes),
        "noted": bool(parsed.problems) and outcome is not ImportLineOutcome.ERROR,
    }


def _find_line_outcome(
    parsed: ParsedRecord, match: MatchedItem | None, changes: list[dict[str, Any]]
) -> ImportLineOutcome:
    if not parsed.has_no_error:
        return ImportLineOutcome.ERROR
    if parsed.is_left_aside or (match is not None and match.location is ItemLocation.DROPPED):
        return ImportLineOutcome.ASIDE
    if match is None:
        return ImportLineOutcome.NEW
    return ImportLineOutcome.CHANGED if changes else ImportLineOutcome.UNCHANGED


def _add_line_to_counts(counts: dict[str, int], line: dict[str, Any]) -> None:
    for name in (line["outcome"].value, *(n for n in ("mine", "noted") if line[n])):
        counts[name] = counts.get(name, 0) + 1


def _refuse_file(claimed: ClaimedImport, refused: UnreadableFile) -> None:
    with separate_transaction() as session:
        imported = _lock_claimed_import(session, claimed)
        imported.stage, imported.leased_until = ImportStage.REFUSED, None
        imported.refusal, imported.facts = refused.code, dict(refused.facts)


def _write_claimed_import(claimed: ClaimedImport) -> None:
    """Write a confirmed import in one transaction; a refusal is saved in another one."""
    try:
        with transaction():
            lock_row(BacklogImport, claimed.id)
            imported = _lock_claimed_import(db.session(), claimed)
            actor = actor_for(imported.person_id)
            project = queries.get_project_for_worker(imported.project_id)
            with using_language(queries.get_person_locale(imported.person_id)):
                write_import(actor, project, imported)
    except Conflict:
        _restart_comparison(claimed)
    except (NotAllowed, RuleBroken) as refused:
        code = "full" if isinstance(refused, RuleBroken) else "not_allowed"
        _refuse_file(claimed, UnreadableFile(code))


def _restart_comparison(claimed: ClaimedImport) -> None:
    """Compare again: the backlog changed between the confirmation and the writing."""
    with separate_transaction() as session:
        imported = _lock_claimed_import(session, claimed)
        imported.stage, imported.overtaken = ImportStage.WAITING, True
        imported.round += 1
        imported.lines_read = imported.attempts = 0
        imported.leased_until = None
