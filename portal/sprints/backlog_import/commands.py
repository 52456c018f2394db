"""Commands on imports: stage a file, choose columns, decide on lines, confirm, discard."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from portal.people.privacy.retention_queries import get_installation_days
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session, lock_row, reload_row
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.storage.names import clean_file_name
from portal.platform.tables.csv_file import CsvLayout, count_filled_cells_in_first_lines
from portal.project.projects.models import Project
from portal.sprints.backlog.commands import require_team_and_still_allowed
from portal.sprints.backlog.queries import get_last_event_number
from portal.sprints.backlog_import import policy, queries
from portal.sprints.backlog_import.choice_rules import ImportChoices
from portal.sprints.backlog_import.comparison_rules import ImportLineOutcome
from portal.sprints.backlog_import.models import (
    FILE_NAME_MAX,
    BacklogImport,
    ImportLine,
    ImportStage,
    SavedChoices,
)
from portal.sprints.backlog_import.retention_commands import UPLOADS
from portal.sprints.backlog_import.tool_rules import ImportField, detect_tool, guess_columns

EXPORTED = audit.Action("backlog.exported")


@dataclass(frozen=True, kw_only=True)
class StagedFile:
    """An uploaded file: its name, its size in bytes, and its compressed content."""

    name: str
    size: int
    content: bytes
    layout: CsvLayout
    backlog_url: str


def record_backlog_export(actor: Actor, project: Project, kind: str) -> None:
    """Record an export in the audit trail. Every reader of the project may export its backlog."""
    audit.record(actor, EXPORTED, project, scope_id=project.id, facts={"kind": kind})


def stage_file(actor: Actor, project: Project, upload: StagedFile) -> BacklogImport:
    """Store a file, in place of the person's earlier one, and queue its comparison.

    Raises `NotAllowed`, and `TooLate` while the earlier import is being written.
    """
    require_team_and_still_allowed(actor, project, policy.can_import(actor, project), "")
    own_import = BacklogImport.project_id == project.id, BacklogImport.person_id == actor.person_id
    if db.session.scalar(
        sa.select(BacklogImport.id).where(*own_import, BacklogImport.stage == ImportStage.CONFIRMED)
    ):
        raise TooLate(_("Votre import précédent est en train de s’écrire : attendez sa fin."))
    _delete_imports(sa.select(BacklogImport.id).where(*own_import))
    tool = detect_tool(upload.layout.names)
    now = clock.now()
    imported = BacklogImport(
        created_at=now,
        project_id=project.id,
        person_id=actor.person_id,
        expires_at=now + timedelta(days=get_installation_days(UPLOADS)),
        file_name=clean_file_name(upload.name)[:FILE_NAME_MAX],
        size=upload.size,
        content=upload.content,
        home=upload.backlog_url,
        encoding=upload.layout.encoding,
        delimiter=upload.layout.delimiter,
        names=list(upload.layout.names),
        tool=tool,
        choices={},
        counts={},
        words={},
        facts={},
    )
    filled = count_filled_cells_in_first_lines(upload.content, upload.layout)
    imported.choices = _find_default_choices(project, imported, filled).as_json()
    imported.stage = _find_initial_stage(imported)
    db.session.add(imported)
    flush_session()
    outbox.wake_sender_after_commit()
    return imported


def _find_default_choices(
    project: Project, imported: BacklogImport, filled: Mapping[str, int]
) -> ImportChoices:
    """The team's saved choices for the tool, or else a guess from the columns' names and cells."""
    saved_choices = queries.find_saved_choices(project.id, imported.tool)
    if saved_choices is None:
        return ImportChoices(guess_columns(imported.tool, imported.names, filled))
    columns = {field: name for field, name in saved_choices.columns.items() if name in imported.names}
    return replace(saved_choices, columns=columns)


def _find_initial_stage(imported: BacklogImport) -> ImportStage:
    """Compare at once when a title column is known; else the person chooses columns first."""
    has_title = ImportField.TITLE.value in imported.choices["columns"]
    return ImportStage.WAITING if has_title else ImportStage.COMPARED


def choose_columns(actor: Actor, project: Project, imported: BacklogImport, choices: ImportChoices) -> None:
    """Save the choices, also for the next import, and compare again.

    Raises `NotAllowed`, `RuleBroken` on `column_title`, and `TooLate` once the import is confirmed.
    """
    _lock_import(actor, project, imported)
    if ImportField.TITLE not in choices.columns:
        raise RuleBroken("column_title", _("Choisissez la colonne du titre."))
    imported.choices = choices.as_json()
    saved_choices = db.session.scalars(
        sa.select(SavedChoices).where(
            SavedChoices.project_id == project.id, SavedChoices.tool == imported.tool
        )
    ).one_or_none()
    if saved_choices is None:
        saved_choices = SavedChoices(project_id=project.id, tool=imported.tool, choices={})
        db.session.add(saved_choices)
    saved_choices.choices = imported.choices
    _restart_comparison(imported)


def _restart_comparison(imported: BacklogImport, *, overtaken: bool = False) -> None:
    imported.stage, imported.overtaken = ImportStage.WAITING, overtaken
    imported.round += 1
    imported.lines_read = imported.attempts = 0
    imported.leased_until = None
    imported.refusal, imported.facts = "", {}
    flush_session()
    outbox.wake_sender_after_commit()


def decide_line_overwrites(
    actor: Actor,
    project: Project,
    imported: BacklogImport,
    expected_round: int,
    *,
    positions: Collection[int],
    takes: Mapping[int, Collection[str]],
) -> None:
    """Save the decisions on the lines of a page: `takes` maps positions to fields to overwrite.

    Raises `NotAllowed`, `TooLate`, and `Conflict` when a new comparison was made since.
    """
    _lock_import(actor, project, imported)
    _require_current_comparison(imported, expected_round)
    _save_decisions(imported, positions, takes)


def _save_decisions(
    imported: BacklogImport, positions: Collection[int], takes: Mapping[int, Collection[str]]
) -> None:
    lines = sa.select(ImportLine).where(
        ImportLine.import_id == imported.id, ImportLine.position.in_(list(positions)), ImportLine.mine
    )
    for line in db.session.scalars(lines):
        taken_fields = takes.get(line.position, ())
        line.takes = [
            change["field"] for change in line.changes if change["mine"] and change["field"] in taken_fields
        ]


def decide_all_overwrites(
    actor: Actor, project: Project, imported: BacklogImport, expected_round: int, *, take: bool
) -> None:
    """The same decision for all lines. Raises as `decide_line_overwrites` does."""
    _lock_import(actor, project, imported)
    _require_current_comparison(imported, expected_round)
    lines = sa.select(ImportLine).where(ImportLine.import_id == imported.id, ImportLine.mine)
    for line in db.session.scalars(lines.execution_options(yield_per=500)):
        line.takes = [change["field"] for change in line.changes if change["mine"]] if take else []


def confirm_import(
    actor: Actor,
    project: Project,
    imported: BacklogImport,
    expected_round: int,
    *,
    positions: Collection[int] = (),
    takes: Mapping[int, Collection[str]] = MappingProxyType({}),
) -> bool:
    """Queue the writing of an import. Idempotent.

    `positions` and `takes` are decisions sent with the confirmation, as for `decide_line_overwrites`. Returns
    False when the backlog changed since the comparison, which is then repeated first. Raises
    `NotAllowed`, `TooLate`, `RuleBroken` for lines with errors or without effect, and `Conflict`
    when a new comparison was made since.
    """
    require_team_and_still_allowed(actor, project, policy.can_import(actor, project), "")
    lock_row(BacklogImport, imported.id)
    reload_row(imported)
    if imported.stage in {ImportStage.CONFIRMED, ImportStage.WRITTEN}:
        return True
    _require_current_comparison(imported, expected_round)
    if imported.stage is not ImportStage.COMPARED or not imported.counts:
        raise TooLate(_("Cet import n’est plus à confirmer."))
    if imported.counts.get(ImportLineOutcome.ERROR):
        raise RuleBroken(None, _("Des lignes sont en erreur : rien ne peut être importé."))
    if not imported.has_effect:
        raise RuleBroken(None, _("Ce fichier ne change rien au carnet : rien n’est à confirmer."))
    _save_decisions(imported, positions, takes)
    if get_last_event_number(project.id) != imported.event_number:
        _restart_comparison(imported, overtaken=True)
        return False
    imported.stage = ImportStage.CONFIRMED
    imported.attempts, imported.leased_until = 0, None
    flush_session()
    outbox.wake_sender_after_commit()
    return True


def discard_import(actor: Actor, project: Project, imported: BacklogImport) -> None:
    """Delete an import. Items written by it stay. Raises `NotAllowed` and `TooLate`."""
    require_team_and_still_allowed(actor, project, policy.can_import(actor, project), "")
    if imported.stage is ImportStage.CONFIRMED:
        raise TooLate(_("L’import est en train de s’écrire : il ne s’annule plus."))
    _delete_imports(sa.select(BacklogImport.id).where(BacklogImport.id == imported.id))


def _lock_import(actor: Actor, project: Project, imported: BacklogImport) -> None:
    require_team_and_still_allowed(actor, project, policy.can_import(actor, project), "")
    lock_row(BacklogImport, imported.id)
    reload_row(imported)
    if imported.stage in {ImportStage.CONFIRMED, ImportStage.WRITTEN}:
        raise TooLate(_("Cet import est confirmé : il ne se change plus."))


def _require_current_comparison(imported: BacklogImport, expected_round: int) -> None:
    if imported.round != expected_round:
        raise Conflict


def _delete_imports(ids: sa.Select[Any]) -> None:
    db.session.execute(sa.delete(ImportLine).where(ImportLine.import_id.in_(ids)))
    deletion = sa.delete(BacklogImport).where(BacklogImport.id.in_(ids))
    db.session.execute(deletion.execution_options(synchronize_session=False))
