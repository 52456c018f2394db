"""The ranking of a call, of scores that are open; for its leads."""

from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.selection.calls.api import CALL
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.ranking import queries
from portal.selection.ranking.line_schemas import RankingLineSchema

area = ApiArea("selection")


@area.list(f"{CALL}/ranking", RankingLineSchema)
def list_ranking(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the ranking of a call, without applications that a conflict shuts the reader out of."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    per_page = queries.LINES_PER_PAGE
    return call.page.gather_portal_pages(lambda page: queries.read_ranking(call.actor, row, page), per_page)
