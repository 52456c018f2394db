"""A call connected to a server that answers as Démarches simplifiées does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from portal.platform.outgoing.client import OutgoingClient
from portal.selection.calls.models import Call
from portal.selection.imports import commands, jobs, queries, run_commands, upload_commands
from portal.selection.imports.export_documents import read_uploaded_export_and_tables
from portal.selection.imports.form_rules import (
    ImportedProcedure,
    ProcedureForm,
    ProcedureFormField,
    guess_mapping,
)
from portal.selection.imports.models import CallSource, ImportMode, ImportRun
from portal.selection.imports.procedure_commands import read_new_procedure
from tests.support.demarches import Demarches

__all__ = ["ImportMode", "ImportRun", "commands", "jobs", "queries", "run_commands", "sa"]
PAGE = 10  # applications a request, so that few of them make several pages


@contextmanager
def asked_at(app: Flask, server: Demarches, page: int = PAGE) -> Iterator[None]:
    """Let the portal ask that server."""
    settings, client = get_service(Settings, app), get_service(OutgoingClient, app)
    provide_service(app, replace(settings, demarches_url=server.url, demarches_page=page))
    provide_service(app, OutgoingClient({"127.0.0.1"}, allows_loopback=True))
    try:
        yield
    finally:
        provide_service(app, settings)
        provide_service(app, client)


def connect(lead: Actor, call: Call, server: Demarches, **choices: Any) -> CallSource:
    """Connect a call, and confirm the mapping that is proposed."""
    procedure = read_new_procedure(server.token, server.number)
    source = commands.connect_source(lead, call, procedure, server.token, 0)
    db.session.flush()
    usual = {"takes_files": True, "is_scheduled": False} | choices
    mapping = guess_mapping(commands.newest_read_form(source))
    commands.save_mapping(lead, call, source, mapping, source.version, **usual)
    db.session.commit()
    return source


def described(lead: Actor, call: Call) -> CallSource:
    """A call connected to a procedure that nobody serves, with a run that has ended."""
    form = ProcedureForm("ProcedureRevision-1", [ProcedureFormField("Champ-1", "Titre", "Text", True)])
    procedure = ImportedProcedure(1234, "AMI", form, [form])
    source = commands.connect_source(lead, call, procedure, "token", 0)
    mapping = {"title": "Champ-1", "organisation": "@organisation"}
    commands.save_mapping(lead, call, source, mapping, 1, takes_files=False, is_scheduled=False)
    upload_commands.store_export_file(
        lead, call, "dossiers.csv", *read_uploaded_export_and_tables(b"ID,Titre\n1,Un projet\n")
    )
    run = run_commands.start_run(lead, call, ImportMode.COMPLETE, is_dry=True)
    commands.cancel_run(lead, call, run)
    db.session.commit()
    return source


def source_of(call: Call) -> CallSource:
    """The source of a call, as it is stored."""
    return db.session.query(CallSource).filter_by(call_id=call.id).one()


def start(
    call: Call, mode: ImportMode = ImportMode.INCREMENTAL, *, lead: Actor | None = None, is_dry: bool = False
) -> ImportRun:
    run = run_commands.start_run(lead, call, mode, is_dry=is_dry)
    db.session.commit()
    return run


def run(
    call: Call, mode: ImportMode = ImportMode.INCREMENTAL, *, lead: Actor | None = None, is_dry: bool = False
) -> ImportRun:
    """Run an import to its end, or to where it waits."""
    return go_on(call, start(call, mode, lead=lead, is_dry=is_dry).id)


def go_on(call: Call, run_id: Any) -> ImportRun:
    """Advance a run to its end, or to where it waits."""
    jobs.advance_run(run_id, float("inf"), pause=lambda _seconds: None)
    db.session.add(call)  # each step has a session of its own
    return db.session.get_one(ImportRun, run_id, populate_existing=True)


# What is equal where two ways of importing brought the same; ids and times of rows are not.
_ROWS = {
    "application": """SELECT number, origin, external_id, organisation, company_number, title, summary,
        problem, data_sources, contact_email, received_on, state, state_reason
        FROM application ORDER BY number""",
    "member": """SELECT a.number, m.position, m.name, m.email, m.function FROM application_member m
        JOIN application a ON a.id = m.application_id ORDER BY a.number, m.position""",
    "source": """SELECT a.number, s.source_id, s.revision, s.source_state, s.content_hash, s.is_unfinished,
        s.removal, s.state_before FROM application_source s
        JOIN application a ON a.id = s.application_id ORDER BY a.number""",
    "file": """SELECT a.number, f.field, f.name, f.checksum, f.outcome, f.reason, t.sha256,
        t.removed_at IS NULL FROM imported_file f JOIN application a ON a.id = f.application_id
        LEFT JOIN attachment t ON t.id = f.attachment_id ORDER BY a.number, f.field, f.name, f.checksum""",
    "attachment": "SELECT number, name, size, sha256 FROM attachment ORDER BY number, name, sha256",
    "run": """SELECT number, mode, state, problem, is_complete, read_count, watermark, CAST(counts AS TEXT),
        CAST(unreadable AS TEXT) FROM application_import ORDER BY number""",
    "event": """SELECT action, COUNT(*) FROM audit_event
        WHERE action LIKE 'application.%' OR action LIKE 'call.%' OR action LIKE 'file.%'
        GROUP BY action ORDER BY action""",
}


def read_rows(connection: sa.Connection | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that an import wrote, by table."""
    own = connection or db.session.connection()
    return {name: [tuple(row) for row in own.execute(sa.text(text))] for name, text in _ROWS.items()}
