"""Upload an exported file for a call, map its columns, import it."""

from collections.abc import Mapping, Sequence

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.storage.names import clean_file_name
from portal.platform.tables.csv_file import CsvLayout
from portal.selection.calls import commands as calls
from portal.selection.calls.models import Call
from portal.selection.imports import commands, queries, run_commands
from portal.selection.imports.export_documents import ExportReader, StoredExport
from portal.selection.imports.export_rules import ExportTable, list_missing_and_new_columns
from portal.selection.imports.form_rules import (
    APPLICANT_SOURCES,
    ApplicationTargetField,
    guess_mapping,
)
from portal.selection.imports.models import ImportMode, ImportRun, UploadedExport, UploadedExportKind


def store_export_file(
    actor: Actor, call: Call, name: str, stored: StoredExport, tables: Sequence[ExportTable]
) -> UploadedExport:
    """Store an uploaded file, in place of the earlier one, whose mapping stays.

    Raises `NotAllowed`; `TooLate` while an import is under way, or once the jury examines.
    """
    calls.lock_call(actor, call)
    run_commands.require_receiving_applications(call)
    if queries.find_unfinished_run(call) is not None:
        path = run_commands.imports_path(call)
        raise TooLate(_("Un import de cet appel est en cours : attendez sa fin."), path)
    file = queries.find_export_file(call)
    if file is None:
        file = UploadedExport(call_id=call.id, mapping={}, columns_before=[], tables=[])
        db.session.add(file)
    else:
        file.columns_before = [each.id for each in queries.read_export_form(file).fields]
    file.person_id, file.uploaded_at, file.file_name = actor.person_id, clock.now(), clean_file_name(name)
    file.kind, file.content = stored.kind, stored.content
    file.encoding = stored.layout.encoding if stored.layout else ""
    file.delimiter = stored.layout.delimiter if stored.layout else ""
    file.tables = [[table.name, list(table.labels)] for table in tables]
    db.session.flush()
    return file


def proposed_mapping(file: UploadedExport) -> Mapping[str, str]:
    """The mapping that the page begins with: that of the files before, and a guess of what none of them
    could fill. "" is a guess that the lead refused; versions before 0.13 noted none, and what they had
    proposed counts as refused."""
    form, known_mapping = queries.read_export_form(file), _known_mapping(file)
    mapping = form.filter_mapping(known_mapping)
    mapped_ids, refused_ids = set(mapping.values()), set[str]()
    if file.mapping and file.remembered_mapping is None:
        refused_ids = {*file.columns_before, *APPLICANT_SOURCES}
    guesses = {
        target: id_
        for target, id_ in guess_mapping(form).items()
        if target not in known_mapping
        and id_ not in mapped_ids
        and (
            id_ not in refused_ids or target == ApplicationTargetField.MEMBER_FIRST_NAME
        )  # a field since 0.13
    }
    return guesses | mapping


def _known_mapping(file: UploadedExport) -> dict[str, str]:
    """What this file and those before say of each field."""
    return {**(file.remembered_mapping or {}), **file.mapping}


def list_missing_and_new_columns_of_file(file: UploadedExport) -> tuple[list[str], list[str]]:
    """The mapped columns that this file lacks, and those that the one before had not."""
    columns = [each.id for each in queries.read_export_form(file).fields]
    return list_missing_and_new_columns(file.columns_before, columns, file.mapping)


def import_file(
    actor: Actor, call: Call, file: UploadedExport, mapping: Mapping[str, str], version: int, *, is_dry: bool
) -> ImportRun:
    """Save the mapping, and queue a run of the file.

    Raises `RuleBroken` on the field that is missing; `TooLate`, `Conflict`.
    """
    calls.lock_call(actor, call)
    reload_row(file)
    check_version(file, version)
    if not file.content:
        raise RuleBroken(None, _("Ce fichier a été oublié après une journée : déposez-le à nouveau."))
    form = queries.read_export_form(file)
    commands.check_mapping(form, mapping)
    refused = dict.fromkeys({**guess_mapping(form), **proposed_mapping(file)}, "")
    # A column that this file lacks stays in mind for the next one.
    missing = {
        target: id_ for target, id_ in _known_mapping(file).items() if not form.filter_mapping({target: id_})
    }
    file.mapping = {target: id_ for target, id_ in mapping.items() if id_}
    file.remembered_mapping = {
        target: id_ for target, id_ in (refused | missing).items() if target not in file.mapping
    }
    return run_commands.queue_run_of_locked_call(actor, call, ImportMode.FILE, is_dry=is_dry)


def open_export_reader(file: UploadedExport) -> ExportReader:
    """A reader of the lines of a stored file."""
    layout = None
    if file.kind is UploadedExportKind.CSV:
        layout = CsvLayout(file.encoding, file.delimiter, file.tables[0][1])
    return ExportReader(StoredExport(file.kind, file.content, layout))
