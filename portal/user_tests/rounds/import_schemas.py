"""Schemas of imports of results: the file, its lines, and the confirmation."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import INTEGER_MAX, ApiSchema, count, integer
from portal.project.framing.models import TargetGroup
from portal.user_tests.rounds import import_forms, import_labels
from portal.user_tests.rounds.import_models import ResultsImport, ResultsImportLine
from portal.user_tests.rounds.import_queries import ResultsImportPreview
from portal.user_tests.rounds.schemas import SessionSchema


class ResultImportSchema(row_schema("ResultImportSchema", ResultsImport, "expires_at", "file_name")):  # type: ignore[misc]  # made
    """A file of results; nothing is imported before `confirm`. A line in error shuts the whole import."""

    lines_new = count("Lines that would be imported.")
    lines_known = count("Lines that were imported before: they are skipped.")
    lines_wrong = count("Lines in error.")
    unknown = fields.List(
        fields.String(), dump_only=True, metadata={"description": "Columns that are ignored."}
    )


class ResultImportProblemSchema(ApiSchema):
    """What is wrong with a cell, or with the whole line where `column` is empty."""

    column = fields.String(dump_only=True)
    code = fields.String(dump_only=True)
    detail = fields.String(dump_only=True)


class ResultImportLineSchema(ApiSchema):
    """A line: one participant, without a name."""

    line = count("Its line in the file.")
    outcome = fields.String(dump_only=True, metadata={"description": "`new`, `known` or `error`."})
    group = integer(1, INTEGER_MAX, "Number of the group.", dump_only=True, allow_none=True)
    is_rehearsal = fields.Boolean(dump_only=True)
    consent_on = fields.String(dump_only=True, allow_none=True)
    results = fields.Raw(dump_only=True, metadata={"description": "By number of the task."})
    answers = fields.Raw(dump_only=True, metadata={"description": "By number of the scale's item."})
    notes = fields.String(dump_only=True)
    contacts = fields.List(
        fields.String(),
        dump_only=True,
        metadata={"description": "What looks like contact data in its notes."},
    )
    problems = fields.List(fields.Nested(ResultImportProblemSchema), dump_only=True)


ResultImportConfirmSchema = form_schema("ResultImportConfirmSchema", import_forms.ResultsConfirmForm)


class ResultImportDoneSchema(ApiSchema):
    """The sessions that an import wrote."""

    sessions = fields.List(fields.Nested(SessionSchema), dump_only=True)


def dump_import(imported: ResultsImport, preview: ResultsImportPreview) -> dict[str, Any]:
    """A file, and how many of its lines are new, known and wrong."""
    columns = {name: getattr(imported, name, None) for name in ResultImportSchema().fields}
    return columns | {
        "lines_new": len(preview.new),
        "lines_known": len(preview.imported_prints),
        "lines_wrong": len(preview.wrong),
    }


def dump_import_line(
    line: ResultsImportLine, preview: ResultsImportPreview, groups: Sequence[TargetGroup]
) -> dict[str, Any]:
    """A line, and what would become of it."""
    outcome = "error" if line.problems else "known" if line.line in preview.imported_prints else "new"
    columns = {name: getattr(line, name, None) for name in ResultImportLineSchema().fields}
    problems = [
        {"column": each.column, "code": each.code, "detail": import_labels.problem_sentence(each, groups)}
        for each in line.problems
    ]
    return columns | {"outcome": outcome, "problems": problems}
