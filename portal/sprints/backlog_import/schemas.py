"""Schemas of imports of a backlog: the file and its columns, its lines, decisions on them."""

from typing import Any

from marshmallow import fields, validate

from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import INTEGER_MAX, ApiSchema, choice, count, flag, integer, line
from portal.sprints.backlog.models import ItemKind
from portal.sprints.backlog_import import labels
from portal.sprints.backlog_import.comparison_rules import FIELDS, ImportLineOutcome
from portal.sprints.backlog_import.mapping_rules import WORD_MAX, WORDS_MAX
from portal.sprints.backlog_import.models import BacklogImport
from portal.sprints.backlog_import.tool_rules import ImportField

COLUMN_MAX = 500
DECISIONS_MAX = 100


def _make_meanings_field(about: str, value: fields.Field[Any], most: int = WORDS_MAX) -> fields.Field[Any]:
    """What each of some words of the file means."""
    return fields.Dict(
        line(WORD_MAX, required=True),
        value,
        validate=validate.Length(max=most),
        load_default=dict,
        metadata={"description": about},
    )


class ItemImportChoicesSchema(ApiSchema):
    """Which column gives which field, and what the words of the file mean. Words: "" means nothing."""

    columns = fields.Dict(
        fields.String(validate=validate.OneOf([each.value for each in ImportField])),
        line(COLUMN_MAX),
        required=True,
        metadata={"description": "The name of the column, by field.", "example": {"title": "Titre"}},
    )
    states = _make_meanings_field(
        "A state, or `aside`, by word.",
        fields.String(validate=validate.OneOf(["", *map(str, labels.MEANINGS)])),
    )
    kinds = _make_meanings_field(
        "A kind of item by word.",
        fields.String(validate=validate.OneOf(["", *map(str, ItemKind)])),
    )
    people = _make_meanings_field("The id of a member of the team by name.", line(36))


_STORED = ("expires_at", "file_name", "size", "tool", "stage", "lines_read", "counts", "names", "words")


class ItemImportSchema(row_schema("ItemImportSchema", BacklogImport, *_STORED)):  # type: ignore[misc]  # made
    """A file that is to be imported, compared by the worker; nothing is written before `confirm`."""

    version = integer(
        1, INTEGER_MAX, "The comparison that was read; sent back in `If-Match`.", dump_only=True
    )
    choices = fields.Nested(ItemImportChoicesSchema, dump_only=True)
    is_overtaken = flag(
        "The backlog changed meanwhile: compared again.", dump_only=True, attribute="overtaken"
    )
    refusal = fields.String(dump_only=True, metadata={"description": "A code, where the file was refused."})
    explanation = fields.String(dump_only=True, metadata={"description": "The sentence of `refusal`."})


class ItemImportChangeSchema(ApiSchema):
    """A field that differs between the file and the backlog."""

    field = fields.String(dump_only=True)
    here = fields.Raw(dump_only=True)
    file = fields.Raw(dump_only=True)
    is_changed_here = flag("Since the last import: taken if you say so.", dump_only=True, attribute="mine")


class ItemImportProblemSchema(ApiSchema):
    """What is wrong with a line, or worth knowing."""

    code = fields.String(dump_only=True)
    detail = fields.String(dump_only=True)


class ItemImportLineSchema(ApiSchema):
    """A line of a file, beside the backlog. A line in error shuts the whole import."""

    position = count("Its place in decisions.")
    line = count("Its line in the file.")
    outcome = choice(ImportLineOutcome, dump_only=True)
    title = fields.String(dump_only=True)
    item_number = integer(1, INTEGER_MAX, dump_only=True, allow_none=True)
    values = fields.Raw(dump_only=True)
    changes = fields.List(fields.Nested(ItemImportChangeSchema), dump_only=True)
    problems = fields.List(fields.Nested(ItemImportProblemSchema), dump_only=True)
    takes = fields.List(fields.String(), dump_only=True)


class ItemImportLineQuerySchema(ApiSchema):
    """Which lines."""

    outcome = choice(ImportLineOutcome, load_default=None)


class DecideImportLineSchema(ApiSchema):
    """Which fields, changed here since the last import, the file overwrites on a line."""

    position = integer(0, INTEGER_MAX, required=True)
    takes = fields.List(
        fields.String(validate=validate.OneOf(FIELDS)),
        required=True,
        validate=validate.Length(max=len(FIELDS)),
    )


class DecideImportLinesSchema(ApiSchema):
    """Decisions on lines."""

    lines = fields.List(
        fields.Nested(DecideImportLineSchema),
        load_default=list,
        validate=validate.Length(max=DECISIONS_MAX),
    )


class DecideItemImportSchema(DecideImportLinesSchema):
    """Decisions on lines, or one decision on all."""

    every = fields.String(
        load_default="",
        validate=validate.OneOf(["", "take", "keep"]),
        metadata={"description": "On all lines; `lines` do not count then."},
    )
