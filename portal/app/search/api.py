"""The search, for programs."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from portal.app.search.filters import explain_unsearchable
from portal.app.search.queries import get_author_id, get_team_id
from portal.app.search.schemas import SearchHitSchema, SearchQuerySchema
from portal.collaboration.search import queries
from portal.collaboration.search.page_queries import list_kinds, list_kinds_in_areas
from portal.collaboration.search.queries import SearchFilters
from portal.platform.kernel import clock
from portal.platform.web.api_fields import describe_choices
from portal.platform.web.api_grants import build_scope_refusal, get_token_grant
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.platform.web.api_problems import ApiRefusal

area = ApiArea("personal")


@area.list("/search", SearchHitSchema, query=SearchQuerySchema)
def search(call: ApiCall) -> ApiPage:
    """Search all that one may read, in the areas of the token: one for `personal` alone finds nothing."""
    kind = call.query["kind"]
    if kind and kind not in list_kinds():
        raise ApiRefusal(422, errors=[("?kind", str(describe_choices(list_kinds())))])
    areas = get_token_grant().areas
    kinds = list_kinds_in_areas(areas) if areas else ()
    if areas and kind and kind not in kinds:
        raise build_scope_refusal()
    if areas and not kinds:
        return ApiPage(())
    filters = SearchFilters(
        q=call.query["q"],
        kind=kind,
        kinds=kinds,
        scope_id=get_team_id(call.query["team"]) if call.query["team"] else None,
        author_id=get_author_id(call.query["author"].removeprefix("@")) if call.query["author"] else None,
        since=_moment_of_day(call.query["since"], time.min),
        until=_moment_of_day(call.query["until"], time.max),
        order=call.query["order"],
    )
    if sentence := explain_unsearchable(filters):
        raise ApiRefusal(422, errors=[("?q", sentence)])

    def read(first: int, count: int) -> list[dict[str, Any]]:
        hits = queries.search(call.actor, filters, slice(first, first + count)).hits
        return [
            {
                "kind": source.kind,
                "title": hit.title,
                "page": hit.address,
                "place": hit.place,
                "state": str(hit.state[0]),
            }
            for source, hit in hits
        ]

    return call.page.read_page_slice(read, key_by_fields("kind", "page", "title"))


def _moment_of_day(day: date | None, hour: time) -> datetime | None:
    return datetime.combine(day, hour, ZoneInfo(clock.DEFAULT_ZONE)).astimezone(UTC) if day else None
