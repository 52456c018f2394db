"""Bringing results in from a file: kept for a day, written as a whole once somebody says so.

The portal gives the codes. A line that came in before stays aside, whoever brings it again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete

from portal.files.names import clean_name
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import aside, db, lock_row, save
from portal.kernel.errors import RuleBroken
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.teamwork import require_work
from portal.user_tests.import_queries import Asks, Found, get_import, read_asks, read_lines
from portal.user_tests.imports import (
    FILE_NAME_MAX,
    ImportedResult,
    Line,
    ResultsImport,
    prints_of,
)
from portal.user_tests.models import TestRound
from portal.user_tests.session_commands import next_codes, record, require_open, require_ready
from portal.user_tests.sessions import Outcome, ScaleAnswer, TaskResult, TestSession

KEPT = timedelta(hours=24)  # a file that nobody confirms; the guide says so
IMPORTED = audit.Action(
    "test_sessions.imported", _l("a importé des séances dans la série de tests %(number)s")
)
NOON = time(12, tzinfo=UTC)  # a file says the day, no hour


def stage_results(
    actor: Actor,
    project: Project,
    round_: TestRound,
    asks: Asks,
    *,
    name: str,
    lines: Sequence[Line],
    unknown: Sequence[str],
) -> ResultsImport:
    """Keep what a file says for a day, in the place of the one before. Raises `TooLate`."""
    require_import(actor, project, round_)
    _forget(ResultsImport.round_id == round_.id, ResultsImport.person_id == actor.person_id)
    made = ResultsImport(
        round_id=round_.id,
        person_id=actor.person_id,
        expires_at=clock.now() + KEPT,
        file_name=clean_name(name)[:FILE_NAME_MAX],
        shape=asks.as_json(),
        lines=[one.as_json() for one in lines],
        unknown=list(unknown),
    )
    db.session.add(made)
    save()
    return made


def require_import(actor: Actor, project: Project, round_: TestRound) -> None:
    """To bring sessions in is to hold them: the team's, while the round is open and whole."""
    require_work(actor, project)
    require_open(project, round_)
    require_ready(project, round_)


def confirm_results(
    actor: Actor, project: Project, round_: TestRound, imported: ResultsImport, *, is_sure: bool
) -> Sequence[TestSession]:
    """Write the lines that have not come in yet: all, or none; the file goes.

    Raises `NotFound` when the file has just gone, `RuleBroken`: a line has an error, nothing is
    new, the round asks something else by now, or (on `sure`) notes seem to hold how to reach
    somebody.
    """
    lock_row(TestRound, round_.id)  # its tasks hold still, and whoever brings the same file waits
    db.session.refresh(round_)
    require_import(actor, project, round_)
    lock_row(ResultsImport, imported.id)  # nobody withdraws, or forgets it, meanwhile
    imported = get_import(actor, round_, imported.id)
    asks = read_asks(round_)
    if asks.as_json() != imported.shape:
        sentence = _(
            "Les tâches ou les publics de la série ont changé : déposez le fichier à neuf."
        )
        raise RuleBroken(None, sentence)
    found = read_lines(imported)
    _require_sound(found, is_sure=is_sure)
    numbers = [one.line for one in found.lines]
    prints = dict(zip(numbers, prints_of(round_.id, found.lines), strict=True))
    codes = next_codes(project, len(found.new))
    made = [
        _session(actor, round_, asks, line, code)
        for line, code in zip(found.new, codes, strict=True)
    ]
    db.session.add_all(made)
    save()
    for session, line in zip(made, found.new, strict=True):
        _fill(actor, session, asks, line)
        db.session.add(ImportedResult(round_id=round_.id, print=prints[line.line]))
    db.session.delete(imported)
    record(actor, IMPORTED, project, round_)
    return made


def _require_sound(found: Found, *, is_sure: bool) -> None:
    if found.wrong:
        raise RuleBroken(None, _("Des lignes sont en erreur : rien ne peut être importé."))
    if not found.new:
        raise RuleBroken(None, _("Tout ce que dit ce fichier est déjà là : rien à importer."))
    if found.contacts and not is_sure:
        raise RuleBroken(
            "sure",
            _(
                "Des notes semblent contenir une adresse ou un numéro (%(what)s). Retirez-le du"
                " fichier, ou cochez la case si ce n’est celui de personne.",
                what=", ".join(found.contacts[0].contacts[:3]),
            ),
        )


def _session(actor: Actor, round_: TestRound, asks: Asks, line: Line, code: int) -> TestSession:
    """The session of a line, that day, under its code."""
    day = line.consent_day
    assert day is not None  # noqa: S101  a line without consent has a problem
    held_at = min(datetime.combine(day, NOON), clock.now())
    groups = {one.number: one.id for one in asks.groups}
    return TestSession(
        project_id=round_.project_id,
        number=code,
        round_id=round_.id,
        target_group_id=groups[line.group] if line.group is not None else None,
        is_rehearsal=line.is_rehearsal,
        observer_id=actor.person_id,
        consent_on=day,
        started_at=held_at,
        ended_at=held_at,
        notes=line.notes,
    )


def _fill(actor: Actor, session: TestSession, asks: Asks, line: Line) -> None:
    for task in asks.tasks:
        said = line.results.get(str(task.number))
        if said:
            db.session.add(_result(session, task.id, said))
    for item, value in line.answers.items():
        ids = {"session_id": session.id, "typed_by_id": actor.person_id}
        db.session.add(ScaleAnswer(item=int(item), value=value, **ids))


def _result(of: TestSession, task_id: Any, said: Any) -> TaskResult:
    outcome = said.get("outcome")
    return TaskResult(
        session_id=of.id,
        task_id=task_id,
        outcome=Outcome(outcome) if outcome else None,
        notes=said.get("notes", ""),
        **{name: said.get(name) for name in ("seconds", "ease", "errors")},
    )


def let_go(actor: Actor, project: Project, imported: ResultsImport) -> None:
    """Forget the file. Nothing was written."""
    require_work(actor, project)
    _forget(ResultsImport.id == imported.id)


def forget_staged(round_id: UUID) -> None:
    """Files of a round that wait for a word: somebody who may be in one withdrew."""
    _forget(ResultsImport.round_id == round_id)


def forget_imports(round_ids: Sequence[UUID]) -> None:
    """The same, and the prints of lines that came in: their time is over."""
    _forget(ResultsImport.round_id.in_(round_ids))
    gone = delete(ImportedResult).where(ImportedResult.round_id.in_(round_ids))
    db.session.execute(gone, execution_options={"synchronize_session": False})


def _forget(*which: Any) -> None:
    gone = delete(ResultsImport).where(*which)
    db.session.execute(gone, execution_options={"synchronize_session": False})


def clear_expired(_before: datetime) -> int:
    """Forget the files whose time is over; how many. For the worker."""
    gone = delete(ResultsImport).where(ResultsImport.expires_at <= clock.now())
    with aside() as session:
        return cast("CursorResult[Any]", session.execute(gone)).rowcount
