"""Operations on the exported file of a call: upload it, map its columns, import it."""

from typing import Any

from portal.platform.kernel.errors import require_row
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.selection.calls.api import CALL
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.imports import queries, schemas, upload_commands
from portal.selection.imports.api import dump_run
from portal.selection.imports.form_rules import ApplicationTargetField
from portal.selection.imports.forms import ExportUploadForm
from portal.selection.imports.models import UploadedExport

area = ApiArea("selection")
FILE = f"{CALL}/import-file"


@area.get(FILE, schemas.ImportFileSchema)
def get_import_file(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Read the columns of the exported file of a call, and the mapping."""
    return _dump_file(_get_call_and_file(call, programme, number)[1])


@area.create(FILE, schemas.ImportFileSchema, body=None, takes_file=True)
def upload_import_file(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Upload an exported file (CSV or XLSX) for a call, in place of the earlier one."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    upload = ExportUploadForm(meta={"csrf": False}).read_upload()
    file = upload_commands.store_export_file(call.actor, row, *upload)
    call.location = f"/programmes/{programme}/calls/{number}/import-file"
    return _dump_file(file)


@area.create(
    f"{FILE}/imports",
    schemas.ImportRunSchema,
    body=schemas.MapFileColumnsSchema,
    is_versioned=True,
    read_by=("get_import_file",),
)
def import_file(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Map the columns of the exported file, and start a run of it."""
    row, file = _get_call_and_file(call, programme, number)
    mapping = call.values(*(target.value for target in ApplicationTargetField))
    run = upload_commands.import_file(
        call.actor, row, file, mapping, call.version, is_dry=call.body["is_dry"]
    )
    call.location = f"/programmes/{programme}/calls/{number}/imports/{run.number}"
    return dump_run(call.actor, row, run)


def _get_call_and_file(call: ApiCall, programme: str, number: int) -> tuple[Call, UploadedExport]:
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    return row, require_row(queries.find_export_file(row))


def _dump_file(file: UploadedExport) -> dict[str, Any]:
    missing, added = upload_commands.list_missing_and_new_columns_of_file(file)
    return {
        "version": file.version,
        "file_name": file.file_name,
        "uploaded_at": file.uploaded_at,
        "fields_": queries.read_export_form(file).fields,
        "mapping": queries.read_export_form(file).filter_mapping(file.mapping),
        "proposed_mapping": upload_commands.proposed_mapping(file),
        "missing": missing,
        "added": added,
    }
