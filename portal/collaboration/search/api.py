"""The search, for programs."""

from portal.collaboration.search import queries
from portal.collaboration.search.page_queries import name_kind
from portal.collaboration.search.queries import SearchFilters
from portal.collaboration.search.schemas import SearchHitSchema, SearchQuerySchema
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.platform.web.api_problems import ApiRefusal

area = ApiArea("personal")
PAGES_MAX = 9_999


@area.list("/search", SearchHitSchema, query=SearchQuerySchema)
def search(call: ApiCall) -> ApiPage:
    """Search all that one may read; a page has twenty hits, whatever the limit."""
    kind = call.query["kind"]
    if kind and not name_kind(kind):
        raise ApiRefusal(422, errors=[("?kind", _("La recherche ne connaît pas cette sorte de choses."))])
    page = min(max(call.page.first, 1), PAGES_MAX)
    results = queries.search(call.actor, SearchFilters(q=call.query["q"], kind=kind, page=page))
    hits = [
        {"kind": source.kind, "title": hit.title, "page": hit.address, "place": hit.place, "state": hit.state}
        for source, hit in results.hits
    ]
    return ApiPage(hits, page + 1 if page < results.page_count else None)
