"""The schema of the document itself: any JSON object."""

from marshmallow import INCLUDE

from portal.platform.web.api_fields import ApiSchema


class OpenApiDocumentSchema(ApiSchema):
    """An OpenAPI document."""

    class Meta(ApiSchema.Meta):
        unknown = INCLUDE
