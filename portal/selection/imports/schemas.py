"""Schemas of imports: the procedure of a call, exported files, the journal of runs. No token is answered."""

from typing import Any

from marshmallow import fields, validate

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, count, flag, line, moment, version
from portal.selection.imports.form_rules import ApplicationTargetField, ProcedureFormChangeKind
from portal.selection.imports.forms import ProcedureAccessForm
from portal.selection.imports.models import READ_MODES, TOKEN_MAX, CallSource, ImportMode, ImportRun

FIELD_MAX = 1000  # a field of a file is named by the label of its column
_EXAMPLE = {"title": "Champ-1", "organisation": "@organisation"}
_NEEDED = {ApplicationTargetField.TITLE, ApplicationTargetField.ORGANISATION}


class ProcedureFieldSchema(ApiSchema):
    """A field of the procedure, or a column of the file; `block/field` in a repeatable block."""

    id = fields.String(dump_only=True)
    label = fields.String(dump_only=True)
    type = fields.String(dump_only=True)
    is_required = flag(dump_only=True)


class ProcedureChangeSchema(ApiSchema):
    """What changed in the form of a procedure since the mapping was confirmed."""

    kind = choice(ProcedureFormChangeKind, dump_only=True)
    id = fields.String(dump_only=True)
    old = fields.String(dump_only=True)
    new = fields.String(dump_only=True)
    is_mapped = flag("Whether the import used it.", dump_only=True)


def _mapping_field(about: str) -> fields.Field[Any]:
    metadata = {"description": about, "example": _EXAMPLE}
    return fields.Dict(keys=fields.String(), values=fields.String(), dump_only=True, metadata=metadata)


class _MappableSchema(ApiSchema):
    """What a mapping is made of."""

    version = version()
    fields_ = fields.List(fields.Nested(ProcedureFieldSchema), data_key="fields", dump_only=True)
    mapping = _mapping_field("Fields of an application, and the field that fills each.")
    proposed_mapping = _mapping_field("The mapping without fields that are gone, or a guess.")


_SourceColumnsSchema = row_schema(
    "_SourceColumnsSchema",
    CallSource,
    *("procedure_number", "procedure_title", "takes_files", "is_scheduled", "complete_on"),
)


class ImportSourceSchema(_SourceColumnsSchema, _MappableSchema):  # type: ignore[misc,valid-type]  # made
    """The procedure from which a call imports. Its token is written, and never read."""

    has_token = flag(dump_only=True)
    is_ready = flag("Whether its mapping is confirmed.", dump_only=True)
    changes = fields.List(fields.Nested(ProcedureChangeSchema), dump_only=True)


ProcedureAccessSchema = form_schema(
    "ProcedureAccessSchema",
    ProcedureAccessForm,
    token=line(TOKEN_MAX, "Encrypted, and never answered.", required=True, load_only=True),
)


_TargetsSchema = type(
    "_TargetsSchema",
    (ApiSchema,),
    {each.value: line(FIELD_MAX, required=each in _NEEDED) for each in ApplicationTargetField},
)


class MapProcedureFieldsSchema(_TargetsSchema):  # type: ignore[misc,valid-type]  # made above
    """Which field of the procedure fills what."""

    takes_files = flag("Attach what applicants attached.", load_default=True)
    is_scheduled = flag("Import each hour, and read everything each night.", load_default=False)


class ImportFileSchema(_MappableSchema):
    """The exported file of a call; its content is forgotten after a day."""

    file_name = fields.String(dump_only=True)
    uploaded_at = moment()
    missing = fields.List(
        fields.String(), dump_only=True, metadata={"description": "Mapped columns that it lacks."}
    )
    added = fields.List(
        fields.String(), dump_only=True, metadata={"description": "Columns that the file before had not."}
    )


class MapFileColumnsSchema(_TargetsSchema):  # type: ignore[misc,valid-type]  # made above
    """Which column of the file fills what."""

    is_dry = flag("Count and compare, and write no application.", load_default=True)


class StartImportSchema(ApiSchema):
    """What a run reads."""

    mode = fields.String(
        required=True,
        validate=validate.OneOf([mode.value for mode in READ_MODES]),
        metadata={"example": ImportMode.COMPLETE.value},
    )
    is_dry = flag("Count and compare, and write no application.", load_default=False)


_RunColumnsSchema = row_schema(
    "_RunColumnsSchema",
    ImportRun,
    *("mode", "is_dry", "started_by_id", "state", "phase", "is_complete", "read_count", "problem"),
    "ended_at",
)


class ImportRunLineSchema(_RunColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A run of the journal, and why it stopped."""

    explanation = fields.String(dump_only=True)
    counts = fields.Dict(
        keys=fields.String(),
        values=count(),
        dump_only=True,
        metadata={"example": {"created": 52, "updated": 0}},
    )


class UnreadableApplicationSchema(ApiSchema):
    """An application that was not read."""

    number = fields.String(dump_only=True)
    reason = fields.String(dump_only=True)


class ImportRemarkSchema(ApiSchema):
    """An application that was read in part, or left because the file is older than what is here."""

    number = fields.String(dump_only=True)
    remark = fields.String(dump_only=True)


class ValueChangeSchema(ApiSchema):
    """A text of an application that a dry run would change."""

    field = fields.String(dump_only=True)
    old = fields.String(dump_only=True)
    new = fields.String(dump_only=True)


class ImportDifferenceSchema(ApiSchema):
    """What a dry run would do with an application; no texts for whoever a conflict shuts out."""

    number = fields.String(dump_only=True)
    kind = fields.String(dump_only=True)
    title = fields.String(dump_only=True)
    is_hidden = flag(dump_only=True)
    changes = fields.List(fields.Nested(ValueChangeSchema), dump_only=True)


class ImportRunSchema(ImportRunLineSchema):
    """A run, what it could not read, and what a dry run would change."""

    unreadable = fields.List(fields.Nested(UnreadableApplicationSchema), dump_only=True)
    remarks = fields.List(fields.Nested(ImportRemarkSchema), dump_only=True)
    differences = fields.List(fields.Nested(ImportDifferenceSchema), dump_only=True)
