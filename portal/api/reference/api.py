"""The document of the API, for everybody: written, compressed and named by its content once a process."""

import gzip
import json
from dataclasses import dataclass, field
from hashlib import sha256

import brotli
from flask import Response, current_app, request

from portal.api.reference.openapi_documents import build_document
from portal.api.reference.schemas import DocumentQuerySchema, OpenApiDocumentSchema
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.web.api_dispatch import ApiRegistry
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_versions import ApiVersion, get_api_version

area = ApiArea("reference")
FRESH_SECONDS = 300  # after which a reader asks whether it has changed
_BROTLI_QUALITY, _GZIP_LEVEL = 6, 6  # 55 and 81 kB of 1.4 MB, in 0.02 s


@dataclass
class OpenApiDocumentCache:
    """The bytes of documents by version, area and encoding ("": all, not compressed), a service."""

    by_encoding: dict[tuple[str, str], dict[str, bytes]] = field(default_factory=dict)

    def read(self, version: ApiVersion, area_name: str) -> dict[str, bytes]:
        """The document of a version, or of an area of it, in each encoding; written when first asked for."""
        key = version.name, area_name
        if key not in self.by_encoding:
            operations = get_service(ApiRegistry).operations
            document = build_document((each for each in operations if area_name in {"", each.area}), version)
            text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
            self.by_encoding[key] = {
                "": text,
                "br": brotli.compress(text, quality=_BROTLI_QUALITY),
                "gzip": gzip.compress(text, _GZIP_LEVEL, mtime=0),
            }
        return self.by_encoding[key]


@area.get("/openapi.json", OpenApiDocumentSchema, query=DocumentQuerySchema, is_public=True)
def get_openapi(call: ApiCall) -> Response:
    """Read this document."""
    texts = _get_openapi_document_cache().read(get_api_version(call.query["version"]), call.query["area"])
    encoding = request.accept_encodings.best_match(["br", "gzip"], default="")
    response = Response(texts[encoding], mimetype="application/json")
    if encoding:
        response.content_encoding = encoding
    response.set_etag(sha256(texts[encoding]).hexdigest()[:24])
    response.cache_control.public, response.cache_control.max_age = True, FRESH_SECONDS
    response.vary.add("Accept-Encoding")
    return response


def _get_openapi_document_cache() -> OpenApiDocumentCache:
    try:
        return get_service(OpenApiDocumentCache)
    except KeyError:
        texts = OpenApiDocumentCache()
        provide_service(current_app, texts)
        return texts
