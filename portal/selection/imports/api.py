"""Operations on the procedure from which a call imports, and on the journal of runs; for leads."""

from typing import Any

from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import require_row
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.numbered_queries import PER_PAGE
from portal.selection.calls.api import CALL
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.imports import commands, labels, procedure_commands, queries, run_commands, schemas
from portal.selection.imports.form_rules import ApplicationTargetField
from portal.selection.imports.models import RUN_MAX, CallSource, ImportMode, ImportRun

area = ApiArea("selection")
SOURCE = f"{CALL}/import-source"
RUNS = f"{CALL}/imports"
RUN = f"{RUNS}/<int(max={RUN_MAX}):run>"
_TARGETS = tuple(target.value for target in ApplicationTargetField)


@area.get(SOURCE, schemas.ImportSourceSchema)
def get_import_source(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Read the procedure from which a call imports: its fields, and the mapping."""
    return _dump_source(_get_call_and_source(call, programme, number)[1])


@area.change(SOURCE, schemas.ImportSourceSchema, body=schemas.ProcedureAccessSchema)
def connect_import_source(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Name the procedure, give its token and read its form; `If-Match: "0"` for a first one."""
    get_programme_and_led_call(call.actor, programme, number)
    procedure, token = call.body["procedure_number"], call.body["token"]
    source = procedure_commands.connect_procedure(
        call.actor, (programme, number), procedure, token, call.version
    )
    return _dump_source(source)


@area.change(f"{SOURCE}/mapping", schemas.ImportSourceSchema, body=schemas.MapProcedureFieldsSchema)
def save_import_mapping(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Confirm which field of the procedure fills what."""
    row, source = _get_call_and_source(call, programme, number)
    commands.save_mapping(
        call.actor,
        row,
        source,
        call.values(*_TARGETS),
        call.version,
        **call.values("takes_files", "is_scheduled"),
    )
    return _dump_source(source)


@area.delete(SOURCE, is_versioned=True)
def disconnect_import_source(call: ApiCall, programme: str, number: int) -> None:
    """Forget the token of a procedure and import no more; what was imported stays."""
    row, source = _get_call_and_source(call, programme, number)
    commands.disconnect_source(call.actor, row, source, call.version)


def _get_call_and_source(call: ApiCall, programme: str, number: int) -> tuple[Call, CallSource]:
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    return row, require_row(queries.find_source(row))


def _dump_source(source: CallSource) -> dict[str, Any]:
    columns = {name: getattr(source, name, None) for name in schemas.ImportSourceSchema().fields}
    return columns | {
        "has_token": bool(source.token),
        "fields_": commands.newest_read_form(source).fields,
        "proposed_mapping": commands.proposed_mapping(source),
    }


@area.list(RUNS, schemas.ImportRunLineSchema)
def list_imports(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the runs of the imports of a call, the latest first."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    runs = call.page.gather_portal_pages(
        lambda page: queries.list_runs(row, page), PER_PAGE, lambda line: line[0].id
    )
    return ApiPage([_dump_run_line(run) for run, _starter in runs.rows], runs.next_after)


@area.create(RUNS, schemas.ImportRunSchema, body=schemas.StartImportSchema)
def start_import(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Start a run, which the worker reads."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    mode = ImportMode(call.body["mode"])
    run = run_commands.start_run(call.actor, row, mode, is_dry=call.body["is_dry"])
    call.location = f"/programmes/{programme}/calls/{number}/imports/{run.number}"
    return dump_run(call.actor, row, run)


@area.get(RUN, schemas.ImportRunSchema)
def get_import(call: ApiCall, programme: str, number: int, run: int) -> dict[str, Any]:
    """Read a run: what it brought, could not read, and would change if it is dry."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    return dump_run(call.actor, row, queries.get_run(row, run))


@area.act(f"{RUN}/cancel", schemas.ImportRunSchema)
def cancel_import(call: ApiCall, programme: str, number: int, run: int) -> dict[str, Any]:
    """Stop a run; what it wrote stays."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    stopped = queries.get_run(row, run)
    commands.cancel_run(call.actor, row, stopped)
    return dump_run(call.actor, row, stopped)


def _dump_run_line(run: ImportRun) -> dict[str, Any]:
    columns = {name: getattr(run, name, None) for name in schemas.ImportRunLineSchema().fields}
    explanation = labels.stopped_run_sentence(run.problem, run.detail) if run.problem else ""
    return columns | {"explanation": explanation}


def dump_run(actor: Actor, call: Call, run: ImportRun) -> dict[str, Any]:
    """What an operation answers of a run, for a lead of the call."""
    unreadable = [
        {"number": number, "reason": labels.unreadable_reason(reason)} for number, reason in run.unreadable
    ]
    remarks = [
        {"number": number, "remark": labels.remark_sentence(code)} for number, code in run.remarks or ()
    ]
    differences = [
        vars(each)
        | {"changes": [dict(zip(("field", "old", "new"), change, strict=True)) for change in each.fields]}
        for each in queries.list_dry_run_differences(actor, call, run)
    ]
    return _dump_run_line(run) | {
        "unreadable": unreadable,
        "remarks": remarks,
        "differences": differences,
    }
