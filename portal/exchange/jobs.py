"""What the worker does with imports: compare those that wait, write those that are confirmed.

A lease keeps an import to one worker. A comparison is written in small transactions, so that its
progress is seen and nobody waits for it; a confirmed import is written in one.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from portal.exchange import queries
from portal.exchange.comparison import Outcome, Place, compare
from portal.exchange.mapping import Choices, Problem, Reader, Wanted
from portal.exchange.models import BacklogImport, ImportLine, Stage
from portal.exchange.queries import Met
from portal.exchange.reading import Layout, NotReadable, records
from portal.exchange.writing import write_import
from portal.kernel import clock
from portal.kernel.db import aside, db, lock_row, transaction
from portal.kernel.errors import Conflict, NotAllowed, RuleBroken
from portal.kernel.text import in_language
from portal.programmes.queries import actor_for

log = structlog.get_logger("portal")

LEASE = timedelta(minutes=5)
ATTEMPTS_MAX = 3
BATCH = 500  # lines compared in one transaction

Some = TypeVar("Some")


@dataclass(frozen=True)
class Claimed:
    """An import that this worker alone has until its lease ends."""

    id: UUID
    stage: Stage
    until: datetime


class _Lost(Exception):
    """Somebody chose anew, or let the file go: whoever claims it next begins again."""


def run_due() -> int:
    """Do all that waits; how many imports that was."""
    done = 0
    while (claimed := _claim()) is not None:
        done += 1
        log.info("import", import_id=str(claimed.id), stage=claimed.stage.value)
        with suppress(_Lost):
            _compare(claimed) if claimed.stage is Stage.WAITING else _write(claimed)
    return done


def _claim() -> Claimed | None:
    now = clock.now()
    free = sa.or_(BacklogImport.leased_until.is_(None), BacklogImport.leased_until <= now)
    due = (
        sa.select(BacklogImport)
        .where(
            BacklogImport.stage.in_([Stage.WAITING, Stage.CONFIRMED]),
            BacklogImport.expires_at > now,
            free,
        )
        .order_by(BacklogImport.id)
        .with_for_update(skip_locked=True)
    )
    with aside() as session:
        for row in session.scalars(due).all():
            row.attempts += 1
            if row.attempts <= ATTEMPTS_MAX:
                row.leased_until = now + LEASE
                return Claimed(row.id, row.stage, now + LEASE)
            row.stage, row.refusal, row.leased_until = Stage.REFUSED, "unfinished", None
    return None


def _hold(session: Session, claimed: Claimed) -> BacklogImport:
    """Still ours, until this transaction ends."""
    held = sa.select(BacklogImport).where(
        BacklogImport.id == claimed.id,
        BacklogImport.stage == claimed.stage,
        BacklogImport.leased_until == claimed.until,
    )
    row = session.scalar(held.with_for_update())
    if row is None:
        raise _Lost
    return row


def _compare(claimed: Claimed) -> None:
    with aside() as session:
        imported = _hold(session, claimed)
        content = session.scalar(
            sa.select(BacklogImport.content).where(BacklogImport.id == imported.id)
        )
        layout = Layout(imported.encoding, imported.delimiter, imported.names)
        chosen, team = Choices.from_json(imported.choices), queries.team_of(session, imported)
        reader = Reader(imported.tool, imported.names, chosen, team)
        kept = _decisions(session, imported.id)
        session.execute(sa.delete(ImportLine).where(ImportLine.import_id == imported.id))
        since = queries.last_event(session, imported.project_id)
    counts: dict[str, int] = {}
    lines_of: dict[UUID, int] = {}
    position = 0
    try:
        for batch in _batches(records(content or b"", layout), BATCH):
            wanted = [reader.read(record) for record in batch]
            with aside() as session:
                imported = _hold(session, claimed)
                met = queries.meet(session, imported, wanted)
                _settle(wanted, met, lines_of)
                lines = [_line(one, met.get(one.line), kept) for one in wanted]
                rows = [
                    line | {"import_id": claimed.id, "position": position + n}
                    for n, line in enumerate(lines)
                ]
                session.execute(sa.insert(ImportLine), rows)
                imported.lines_read = position = position + len(rows)
            for line in lines:
                _add_up(counts, line)
    except NotReadable as refused:
        _refuse(claimed, refused)
        return
    with aside() as session:
        imported = _hold(session, claimed)
        imported.counts = counts | {"absent": queries.count_absent(session, imported)}
        imported.words = {"states": reader.states, "kinds": reader.kinds, "left": reader.left}
        imported.event_number = since
        imported.stage, imported.leased_until = Stage.COMPARED, None


def _batches(some: Iterable[Some], size: int) -> Iterator[list[Some]]:
    left = iter(some)
    while batch := list(islice(left, size)):
        yield batch


def _decisions(session: Session, import_id: UUID) -> dict[tuple[str, str], Any]:
    """What the reader took over in the comparison before: (line, field) → the file's value."""
    lines = sa.select(ImportLine.ref, ImportLine.changes, ImportLine.takes).where(
        ImportLine.import_id == import_id, ImportLine.mine
    )
    return {
        (ref, one["field"]): one["file"]
        for ref, changes, takes in session.execute(lines)
        for one in changes
        if one["field"] in takes
    }


def _settle(wanted: list[Wanted], met: dict[int, Met], lines_of: dict[UUID, int]) -> None:
    """Two lines about one item are one too many: an address and an id may name the same."""
    for one in wanted:
        found = met.get(one.line)
        first = lines_of.setdefault(found.item_id, one.line) if found else one.line
        if first != one.line and all(problem.code != "twice" for problem in one.problems):
            facts = {"value": one.key or one.ref, "first": first}
            one.problems.append(Problem("twice", facts=facts))


def _line(one: Wanted, met: Met | None, kept: dict[tuple[str, str], Any]) -> dict[str, Any]:
    changes = []
    if met is not None and one.is_sound and not one.aside:
        changes = [
            change.as_json() for change in compare(met.values, met.told, one.values, met.place)
        ]
    outcome = _outcome(one, met, changes)
    if outcome is not Outcome.CHANGED:
        changes = []
    return {
        "line": one.line,
        "outcome": outcome,
        "ref": one.ref,
        "key": one.key,
        "title": one.values.get("title", ""),
        "reason": one.reason,
        "item_id": met and met.item_id,
        "item_number": met and met.number,
        "values": one.values,
        "changes": changes,
        "problems": [problem.as_json() for problem in one.problems],
        "takes": [
            change["field"]
            for change in changes
            if change["mine"] and kept.get((one.ref, change["field"])) == change["file"]
        ],
        "mine": any(change["mine"] for change in changes),
        "noted": bool(one.problems) and outcome is not Outcome.ERROR,
    }


def _outcome(one: Wanted, met: Met | None, changes: list[dict[str, Any]]) -> Outcome:
    if not one.is_sound:
        return Outcome.ERROR
    if one.aside or (met is not None and met.place is Place.GONE):
        return Outcome.ASIDE
    if met is None:
        return Outcome.NEW
    return Outcome.CHANGED if changes else Outcome.UNCHANGED


def _add_up(counts: dict[str, int], line: dict[str, Any]) -> None:
    for name in (line["outcome"].value, *(n for n in ("mine", "noted") if line[n])):
        counts[name] = counts.get(name, 0) + 1


def _refuse(claimed: Claimed, refused: NotReadable) -> None:
    with aside() as session:
        imported = _hold(session, claimed)
        imported.stage, imported.leased_until = Stage.REFUSED, None
        imported.refusal, imported.facts = refused.code, dict(refused.facts)


def _write(claimed: Claimed) -> None:
    """All or nothing. What stands in the way is told in a transaction of its own, afterwards."""
    try:
        with transaction():
            lock_row(BacklogImport, claimed.id)
            imported = _hold(db.session(), claimed)
            actor = actor_for(imported.person_id)
            project = queries.read_project(imported.project_id)
            with in_language(queries.locale_of(imported.person_id)):
                write_import(actor, project, imported)
    except Conflict:
        _again(claimed)
    except (NotAllowed, RuleBroken) as refused:
        code = "full" if isinstance(refused, RuleBroken) else "not_allowed"
        _refuse(claimed, NotReadable(code))


def _again(claimed: Claimed) -> None:
    """The backlog changed between the confirmation and the writing."""
    with aside() as session:
        imported = _hold(session, claimed)
        imported.stage, imported.overtaken = Stage.WAITING, True
        imported.round += 1
        imported.lines_read = imported.attempts = 0
        imported.leased_until = None
