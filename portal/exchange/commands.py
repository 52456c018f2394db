"""What people do with a file they bring: stage it, say what it means, decide, confirm, let go."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, cast

import sqlalchemy as sa

from portal.backlog.commands import require_in_time
from portal.backlog.journal import last_number
from portal.exchange import policy, queries
from portal.exchange.comparison import Outcome
from portal.exchange.mapping import Choices
from portal.exchange.models import (
    FILE_NAME_MAX,
    BacklogImport,
    ImportLine,
    KeptChoices,
    Stage,
)
from portal.exchange.reading import Layout
from portal.exchange.tools import Field, columns_for, detect
from portal.files.names import clean_name
from portal.kernel import audit, clock, outbox
from portal.kernel.access import Actor
from portal.kernel.db import aside, db, lock_row, save
from portal.kernel.errors import Conflict, RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.projects.models import Project

EXPORTED = audit.Action("backlog.exported")
KEPT = timedelta(hours=24)  # a file that nobody confirms; the guides say so


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that came in: its name, its size in bytes, and its content, packed."""

    name: str
    size: int
    content: bytes
    layout: Layout
    home: str


def export_backlog(actor: Actor, project: Project, kind: str) -> None:
    """Whoever reads a backlog may take it out; the trail says who did, and as what kind of file."""
    audit.record(actor, EXPORTED, project, scope_id=project.id, facts={"kind": kind})


def stage_file(actor: Actor, project: Project, upload: Upload) -> BacklogImport:
    """Keep a file for a day, in the place of the one before, and have it compared."""
    require_in_time(actor, project, policy.can_import(actor, project), "")
    mine = BacklogImport.project_id == project.id, BacklogImport.person_id == actor.person_id
    if db.session.scalar(
        sa.select(BacklogImport.id).where(*mine, BacklogImport.stage == Stage.CONFIRMED)
    ):
        raise TooLate(_("Votre import précédent est en train de s’écrire : attendez sa fin."))
    _forget(sa.select(BacklogImport.id).where(*mine))
    tool = detect(upload.layout.names)
    now = clock.now()
    made = BacklogImport(
        created_at=now,
        project_id=project.id,
        person_id=actor.person_id,
        expires_at=now + KEPT,
        file_name=clean_name(upload.name)[:FILE_NAME_MAX],
        size=upload.size,
        content=upload.content,
        home=upload.home,
        encoding=upload.layout.encoding,
        delimiter=upload.layout.delimiter,
        names=list(upload.layout.names),
        tool=tool,
        choices={},
        counts={},
        words={},
        facts={},
    )
    made.choices = _first_choices(project, made).as_json()
    made.stage = _ready(made)
    db.session.add(made)
    save()
    outbox.wake()
    return made


def _first_choices(project: Project, made: BacklogImport) -> Choices:
    """What the names tell, and before that what the team chose for this tool the last time."""
    kept = queries.find_choices(project.id, made.tool)
    if kept is None:
        return Choices(columns_for(made.tool, made.names))
    still = {field: name for field, name in kept.columns.items() if name in made.names}
    return Choices(still, kept.states, kept.kinds)


def _ready(imported: BacklogImport) -> Stage:
    """A title is the least that must be known of a line."""
    titled = Field.TITLE.value in imported.choices["columns"]
    return Stage.WAITING if titled else Stage.COMPARED


def choose(actor: Actor, project: Project, imported: BacklogImport, choices: Choices) -> None:
    """Compare again, with these columns and words; they are kept for next time.

    Raises `RuleBroken` on `column_title` without a column for it, `TooLate` once it was confirmed.
    """
    _hold(actor, project, imported)
    if Field.TITLE not in choices.columns:
        raise RuleBroken("column_title", _("Choisissez la colonne du titre."))
    imported.choices = choices.as_json()
    kept = db.session.scalars(
        sa.select(KeptChoices).where(
            KeptChoices.project_id == project.id, KeptChoices.tool == imported.tool
        )
    ).one_or_none()
    if kept is None:
        kept = KeptChoices(project_id=project.id, tool=imported.tool, choices={})
        db.session.add(kept)
    kept.choices = imported.choices
    _compare_again(imported)


def _compare_again(imported: BacklogImport, *, overtaken: bool = False) -> None:
    imported.stage, imported.overtaken = Stage.WAITING, overtaken
    imported.round += 1
    imported.lines_read = imported.attempts = 0
    imported.leased_until = None
    imported.refusal, imported.facts = "", {}
    save()
    outbox.wake()


def decide(
    actor: Actor,
    project: Project,
    imported: BacklogImport,
    seen: int,
    *,
    shown: Collection[int],
    takes: Mapping[int, Collection[str]],
) -> None:
    """For the lines shown, by position: the fields changed here that the file overwrites anyway.

    Raises `Conflict` when the comparison was made anew since it was read.
    """
    _hold(actor, project, imported)
    _check_round(imported, seen)
    _keep_takes(imported, shown, takes)


def _keep_takes(
    imported: BacklogImport, shown: Collection[int], takes: Mapping[int, Collection[str]]
) -> None:
    lines = sa.select(ImportLine).where(
        ImportLine.import_id == imported.id, ImportLine.position.in_(list(shown)), ImportLine.mine
    )
    for line in db.session.scalars(lines):
        wanted = takes.get(line.position, ())
        line.takes = [
            one["field"] for one in line.changes if one["mine"] and one["field"] in wanted
        ]


def decide_all(
    actor: Actor, project: Project, imported: BacklogImport, seen: int, *, take: bool
) -> None:
    """The same for every line at once. Raises `Conflict`."""
    _hold(actor, project, imported)
    _check_round(imported, seen)
    lines = sa.select(ImportLine).where(ImportLine.import_id == imported.id, ImportLine.mine)
    for line in db.session.scalars(lines.execution_options(yield_per=500)):
        line.takes = [one["field"] for one in line.changes if one["mine"]] if take else []


def confirm(
    actor: Actor,
    project: Project,
    imported: BacklogImport,
    seen: int,
    *,
    shown: Collection[int] = (),
    takes: Mapping[int, Collection[str]] = MappingProxyType({}),
) -> bool:
    """Have it written. False where the backlog changed since: it is compared again first.

    What is decided with the same click counts, as `decide` takes it. A second confirmation does
    nothing. Raises `RuleBroken` where a line has an error, `Conflict` when the comparison was made
    anew since it was read.
    """
    require_in_time(actor, project, policy.can_import(actor, project), "")
    lock_row(BacklogImport, imported.id)
    db.session.refresh(imported)
    if imported.stage in {Stage.CONFIRMED, Stage.DONE}:
        return True
    _check_round(imported, seen)
    if imported.stage is not Stage.COMPARED or not imported.counts:
        raise TooLate(_("Cet import n’est plus à confirmer."))
    if imported.counts.get(Outcome.ERROR):
        raise RuleBroken(None, _("Des lignes sont en erreur : rien ne peut être importé."))
    if not imported.has_effect:
        raise RuleBroken(None, _("Ce fichier ne change rien au carnet : rien n’est à confirmer."))
    _keep_takes(imported, shown, takes)
    if last_number(project.id) != imported.event_number:
        _compare_again(imported, overtaken=True)
        return False
    imported.stage = Stage.CONFIRMED
    imported.attempts, imported.leased_until = 0, None
    save()
    outbox.wake()
    return True


def let_go(actor: Actor, project: Project, imported: BacklogImport) -> None:
    """Forget the file. What was written stays."""
    require_in_time(actor, project, policy.can_import(actor, project), "")
    if imported.stage is Stage.CONFIRMED:
        raise TooLate(_("L’import est en train de s’écrire : il ne s’annule plus."))
    _forget(sa.select(BacklogImport.id).where(BacklogImport.id == imported.id))


def _hold(actor: Actor, project: Project, imported: BacklogImport) -> None:
    require_in_time(actor, project, policy.can_import(actor, project), "")
    lock_row(BacklogImport, imported.id)
    db.session.refresh(imported)
    if imported.stage in {Stage.CONFIRMED, Stage.DONE}:
        raise TooLate(_("Cet import est confirmé : il ne se change plus."))


def _check_round(imported: BacklogImport, seen: int) -> None:
    if imported.round != seen:
        raise Conflict


def _forget(which: Any) -> None:
    db.session.execute(sa.delete(ImportLine).where(ImportLine.import_id.in_(which)))
    gone = sa.delete(BacklogImport).where(BacklogImport.id.in_(which))
    db.session.execute(gone.execution_options(synchronize_session=False))


def clear_expired(_before: datetime) -> int:
    """Forget the files whose time is over; how many."""
    over = sa.select(BacklogImport.id).where(BacklogImport.expires_at <= clock.now())
    with aside() as session:
        session.execute(sa.delete(ImportLine).where(ImportLine.import_id.in_(over)))
        gone = sa.delete(BacklogImport).where(BacklogImport.expires_at <= clock.now())
        return cast("sa.CursorResult[Any]", session.execute(gone)).rowcount
