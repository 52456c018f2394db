"""Schemas of transparency sheets: texts of a part in both languages, and editions."""

from typing import Any

from marshmallow import fields, validate

from portal.ethics.transparency.forms import WithdrawForm, make_part_form_class
from portal.ethics.transparency.models import SHA256_LENGTH, Publication, TransparencyPartKind
from portal.ethics.transparency.queries import EACH_MAX
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import INTEGER_MAX, ApiSchema, flag, integer, line


def _make_version_field() -> fields.Field[Any]:
    return integer(0, INTEGER_MAX, "0 before anything is written; sent back in `If-Match`.", dump_only=True)


def _make_numbers_field(about: str) -> fields.Field[Any]:
    return fields.List(
        integer(1, INTEGER_MAX),
        required=True,
        validate=validate.Length(max=EACH_MAX),
        metadata={"description": about, "example": []},
    )


TransparencyPublicSchema = form_schema(
    "TransparencyPublicSchema",
    make_part_form_class(TransparencyPartKind.PUBLIC),
    version=_make_version_field(),
)
TransparencyExpertsSchema = form_schema(
    "TransparencyExpertsSchema",
    make_part_form_class(TransparencyPartKind.EXPERTS),
    version=_make_version_field(),
)


class TransparencyRowSelectionSchema(ApiSchema):
    """The rows of the project that appear on the sheet, by number."""

    version = _make_version_field()
    sources = _make_numbers_field("Data sources.")
    risks = _make_numbers_field("Open risks.")


TransparencyEditionSchema = row_schema(
    "TransparencyEditionSchema",
    Publication,
    *("fingerprint", "published_on", "published_by_id", "ended_at", "ended_by_id", "withdrawn_because"),
)
TransparencyWithdrawalSchema = form_schema("TransparencyWithdrawalSchema", WithdrawForm)


class PublishTransparencySchema(ApiSchema):
    """The sheet that was reviewed."""

    reviewed = line(SHA256_LENGTH, "Its fingerprint.", required=True)
    knowingly = flag("The addresses in it are those of services, not of people.", load_default=False)


class TransparencySheetSchema(ApiSchema):
    """The sheet of a project as it would be published, in both languages."""

    content = fields.Raw(dump_only=True)
    fingerprint = fields.String(dump_only=True)
    needed = fields.List(
        fields.String(), dump_only=True, metadata={"description": "What lacks before a publication."}
    )
    is_published = flag("Whether an edition is public now.", dump_only=True)
    is_outdated = flag("Whether the public edition differs from it.", dump_only=True)
