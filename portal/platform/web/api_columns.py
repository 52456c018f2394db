"""Schemas of answers that show columns of a row, by their names: never a column that is not named."""

from typing import Any

import sqlalchemy as sa
from marshmallow import fields

from portal.platform.kernel.database import Base, UtcDateTime
from portal.platform.web.api_fields import ApiSchema
from portal.platform.web.api_operations import SchemaClass

USUAL = ("id", "number", "version", "created_at", "discussion_id")


def row_schema(name: str, model: type[Base], *columns: str) -> SchemaClass:
    """The schema `name` of these columns of a model, and of the usual ones that it has."""
    table_columns = sa.inspect(model).columns
    shown = [column for column in USUAL if column in table_columns] + list(columns)
    own_fields: dict[str, Any] = {column: _build_column_field(table_columns[column]) for column in shown}
    return type(name, (ApiSchema,), {"__doc__": (model.__doc__ or "").split("\n\n")[0], **own_fields})


def _build_column_field(column: sa.Column[Any]) -> fields.Field[Any]:
    options: dict[str, Any] = {"dump_only": True, "allow_none": column.nullable}
    kind = column.type
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return fields.Enum(kind.enum_class, by_value=True, **options)
    if isinstance(kind, UtcDateTime):
        return fields.AwareDateTime(**options)
    simple: dict[type[Any], type[fields.Field[Any]]] = {
        sa.Uuid: fields.UUID,
        sa.Boolean: fields.Boolean,
        sa.Integer: fields.Integer,
        sa.Float: fields.Float,
        sa.Date: fields.Date,
        sa.JSON: fields.Raw,
    }
    field_class = next((simple[base] for base in simple if isinstance(kind, base)), fields.String)
    return field_class(**options)
