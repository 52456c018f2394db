"""The document of the API, for everybody."""

import json

from flask import Response, current_app

from portal.api.reference.openapi_documents import write_document
from portal.api.reference.schemas import OpenApiDocumentSchema
from portal.platform.kernel.services import get_service, provide
from portal.platform.web.api_dispatch import ApiRegistry
from portal.platform.web.api_operations import ApiArea, ApiCall

area = ApiArea("reference")


class OpenApiText(str):
    """The document as JSON text, written once per application."""


@area.get("/openapi.json", OpenApiDocumentSchema, is_public=True)
def get_openapi(_call: ApiCall) -> Response:
    """Read this document."""
    try:
        text = get_service(OpenApiText)
    except KeyError:
        document = write_document(get_service(ApiRegistry).operations)
        text = OpenApiText(json.dumps(document, ensure_ascii=False, sort_keys=True))
        provide(current_app, text)
    return Response(text, mimetype="application/json")
