"""The import of a call of the demonstration: an invented procedure, with the journal of its runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.selection.applications.models import Application, ApplicationOrigin
from portal.selection.calls.models import Call
from portal.selection.imports.form_rules import ProcedureForm, ProcedureFormField, guess_mapping
from portal.selection.imports.models import (
    CallSource,
    ImportedApplication,
    ImportMode,
    ImportRun,
    RunPhase,
    RunState,
)

Entry = Mapping[str, Any]
REVISION = "demonstration-1"
TOOK = timedelta(minutes=2)
COUNTS = ("created", "updated", "unchanged", "unreadable")


def add_import_history(
    call: Call, lead: Actor, rows: Sequence[Application], entry: Entry, end: datetime
) -> None:
    """Say that applications came from a procedure, by the runs of `entry`, the last one at `end`.
    Its token is forgotten: nobody is asked."""
    fields: Sequence[tuple[str, str, str]] = [tuple(each) for each in entry["fields"]]
    form = ProcedureForm(REVISION, [ProcedureFormField(*names, is_required=True) for names in fields])
    source = CallSource(
        call_id=call.id,
        person_id=lead.person_id,
        procedure_number=entry["procedure"],
        procedure_title=entry["title"],
        token="",
        mapping=guess_mapping(form),
        form=form.as_json(),
        revisions=[REVISION],
        complete_on=clock.day_of(end),
    )
    db.session.add(source)
    for number, run in enumerate(entry["runs"], start=1):
        at = end - timedelta(days=run["days"])
        starter_id = lead.person_id if run.get("by_hand") else None
        db.session.add(
            ImportRun(
                call_id=call.id,
                number=number,
                started_by_id=starter_id,
                **_build_run_values(run),
                **_build_run_moments(at),
            )
        )
    for row in rows:
        external_id = f"{entry['procedure']}{row.number:03}"
        row.origin, row.external_id = ApplicationOrigin.API, external_id
        db.session.add(_make_imported_application(row, external_id))
    db.session.flush()


def _build_run_values(run: Entry) -> dict[str, Any]:
    mode = ImportMode(run["mode"])
    counts = {name: run.get(name, 0) for name in COUNTS}
    return {
        "mode": mode,
        "is_dry": run.get("is_dry", False),
        "state": RunState.DONE,
        "phase": RunPhase.ABSENT,
        "is_complete": mode is ImportMode.COMPLETE,
        "read_count": sum(counts.values()),
        "counts": counts,
        "unreadable": [list(each) for each in run.get("numbers", ())],
    }


def _build_run_moments(at: datetime) -> dict[str, datetime]:
    return {"created_at": at, "due_at": at, "ended_at": at + TOOK}


def _make_imported_application(row: Application, number: str) -> ImportedApplication:
    return ImportedApplication(
        application_id=row.id,
        source_id=f"demonstration-{number}",
        revision=REVISION,
        source_state="en_instruction",
        content_hash="",
        values={"title": row.title, "organisation": row.organisation},
        is_unfinished=False,
    )
