"""The schema of the document itself: any JSON object, and which one is asked for."""

from marshmallow import INCLUDE, fields, validate

from portal.api.tokens.labels import AREAS
from portal.platform.web.api_fields import ApiSchema
from portal.platform.web.api_versions import VERSIONS


class OpenApiDocumentSchema(ApiSchema):
    """An OpenAPI document."""

    class Meta(ApiSchema.Meta):
        unknown = INCLUDE


class DocumentQuerySchema(ApiSchema):
    """Which document."""

    version = fields.String(
        load_default=None,
        validate=validate.OneOf([each.name for each in VERSIONS]),
        metadata={"description": "A version of the API; without it the current one."},
    )
    area = fields.String(
        load_default="",
        validate=validate.OneOf(list(AREAS)),
        metadata={"description": "The operations of one area alone: a fraction of the whole to read."},
    )
