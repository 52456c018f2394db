"""Import results from a file: staged for a day, then imported in one transaction.

The portal gives the codes. Lines imported before are skipped, whoever uploads them again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from portal.people.privacy.retention_queries import get_installation_days
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.storage.names import clean_file_name
from portal.project.projects.models import Project
from portal.project.projects.work_commands import record_change, require_team_may_write
from portal.user_tests.rounds.expected_results_rules import ExpectedFileContent
from portal.user_tests.rounds.import_models import (
    FILE_NAME_MAX,
    ImportedLineFingerprint,
    ResultsImport,
    ResultsImportLine,
    fingerprint_lines,
)
from portal.user_tests.rounds.import_queries import (
    ResultsImportPreview,
    get_own_import,
    read_expected_file_content,
    read_import_preview,
)
from portal.user_tests.rounds.import_retention_commands import UPLOADS
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_commands import (
    require_round_open,
    require_round_ready,
    reserve_participant_codes,
)
from portal.user_tests.rounds.session_models import ScaleAnswer, TaskOutcome, TaskResult, TestSession

IMPORTED = audit.Action(
    "test_sessions.imported", _l("a importé des séances dans la série de tests %(number)s")
)
NOON = time(12, tzinfo=UTC)  # files have days only


def stage_results(
    actor: Actor,
    project: Project,
    round_: TestRound,
    expected: ExpectedFileContent,
    *,
    name: str,
    lines: Sequence[ResultsImportLine],
    unknown: Sequence[str],
) -> ResultsImport:
    """Stage a parsed file, replacing the actor’s earlier one. Raises `TooLate`."""
    require_may_import(actor, project, round_)
    _delete_imports_matching(ResultsImport.round_id == round_.id, ResultsImport.person_id == actor.person_id)
    staged = ResultsImport(
        round_id=round_.id,
        person_id=actor.person_id,
        expires_at=clock.now() + timedelta(days=get_installation_days(UPLOADS)),
        file_name=clean_file_name(name)[:FILE_NAME_MAX],
        shape=expected.as_json(),
        lines=[line.as_json() for line in lines],
        unknown=list(unknown),
    )
    db.session.add(staged)
    flush_session()
    return staged


def require_may_import(actor: Actor, project: Project, round_: TestRound) -> None:
    """Raise `NotAllowed` or `TooLate`, as for starting a session."""
    require_team_may_write(actor, project)
    require_round_open(project, round_)
    require_round_ready(project, round_)


def confirm_results(
    actor: Actor, project: Project, round_: TestRound, imported: ResultsImport, *, is_sure: bool
) -> Sequence[TestSession]:
    """Import all new lines of a staged file, delete it, and return the sessions.

    Raises `NotFound` when the file was deleted meanwhile, `RuleBroken` when a line has an error,
    nothing is new or the round has changed, and on `sure` for notes that look like contact data.
    """
    lock_row(TestRound, round_.id)  # freezes its tasks, and serialises imports of the same file
    reload_row(round_)
    require_may_import(actor, project, round_)
    lock_row(ResultsImport, imported.id)  # serialises with withdrawal and discard
    imported = get_own_import(actor, round_, imported.id)
    expected = read_expected_file_content(round_)
    if expected.as_json() != imported.shape:
        sentence = _("Les tâches ou les publics de la série ont changé : déposez le fichier à neuf.")
        raise RuleBroken(None, sentence)
    preview = read_import_preview(imported)
    _require_importable(preview, is_sure=is_sure)
    numbers = [import_line.line for import_line in preview.lines]
    prints = dict(zip(numbers, fingerprint_lines(round_.id, preview.lines), strict=True))
    codes = reserve_participant_codes(project, len(preview.new))
    sessions = [
        _build_session(actor, round_, expected, line, code)
        for line, code in zip(preview.new, codes, strict=True)
    ]
    db.session.add_all(sessions)
    flush_session()
    for session, line in zip(sessions, preview.new, strict=True):
        _add_results(actor, session, expected, line)
        db.session.add(ImportedLineFingerprint(round_id=round_.id, print=prints[line.line]))
    db.session.delete(imported)
    record_change(actor, IMPORTED, round_, project=project)
    return sessions


def _require_importable(preview: ResultsImportPreview, *, is_sure: bool) -> None:
    if preview.wrong:
        raise RuleBroken(None, _("Des lignes sont en erreur : rien ne peut être importé."))
    if not preview.new:
        raise RuleBroken(None, _("Tout ce que dit ce fichier est déjà là : rien à importer."))
    if preview.contacts and not is_sure:
        raise RuleBroken(
            "sure",
            _(
                "Des notes semblent contenir une adresse ou un numéro (%(what)s). Retirez-le du"
                " fichier, ou cochez la case si ce n’est celui de personne.",
                what=", ".join(preview.contacts[0].contacts[:3]),
            ),
        )


def _build_session(
    actor: Actor, round_: TestRound, expected: ExpectedFileContent, line: ResultsImportLine, code: int
) -> TestSession:
    """Return the session of a line, at noon of its day."""
    day = line.consent_day
    assert day is not None  # noqa: S101  a line without consent is in error
    session_at = min(datetime.combine(day, NOON), clock.now())
    groups = {group.number: group.id for group in expected.groups}
    return TestSession(
        project_id=round_.project_id,
        number=code,
        round_id=round_.id,
        target_group_id=groups[line.group] if line.group is not None else None,
        is_rehearsal=line.is_rehearsal,
        observer_id=actor.person_id,
        consent_on=day,
        started_at=session_at,
        ended_at=session_at,
        notes=line.notes,
    )


def _add_results(
    actor: Actor, session: TestSession, expected: ExpectedFileContent, line: ResultsImportLine
) -> None:
    for task in expected.tasks:
        values = line.results.get(str(task.number))
        if values:
            db.session.add(_build_task_result(session, task.id, values))
    for item, value in line.answers.items():
        ids = {"session_id": session.id, "typed_by_id": actor.person_id}
        db.session.add(ScaleAnswer(item=int(item), value=value, **ids))


def _build_task_result(session: TestSession, task_id: Any, values: Any) -> TaskResult:
    outcome = values.get("outcome")
    return TaskResult(
        session_id=session.id,
        task_id=task_id,
        outcome=TaskOutcome(outcome) if outcome else None,
        notes=values.get("notes", ""),
        **{name: values.get(name) for name in ("seconds", "ease", "errors")},
    )


def discard_import(actor: Actor, project: Project, imported: ResultsImport) -> None:
    """Delete a staged file without importing it."""
    require_team_may_write(actor, project)
    _delete_imports_matching(ResultsImport.id == imported.id)


def delete_staged_imports_of_round(round_id: UUID) -> None:
    """Delete the staged files of a round: a participant who withdrew may be in one."""
    _delete_imports_matching(ResultsImport.round_id == round_id)


def delete_imports_and_fingerprints_of_rounds(round_ids: Sequence[UUID]) -> None:
    """Delete the staged files and the fingerprints of rounds whose retention is over."""
    _delete_imports_matching(ResultsImport.round_id.in_(round_ids))
    deletion = delete(ImportedLineFingerprint).where(ImportedLineFingerprint.round_id.in_(round_ids))
    db.session.execute(deletion, execution_options={"synchronize_session": False})


def _delete_imports_matching(*conditions: Any) -> None:
    deletion = delete(ResultsImport).where(*conditions)
    db.session.execute(deletion, execution_options={"synchronize_session": False})
