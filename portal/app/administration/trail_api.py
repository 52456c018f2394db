"""The audit trail for administrators, as its page shows it."""

from portal.app.administration import policy, trail
from portal.app.administration.trail import TrailFilters
from portal.app.administration.trail_schemas import TrailLineSchema, TrailQuerySchema
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage

area = ApiArea("administration")


@area.list("/trail", TrailLineSchema, query=TrailQuerySchema, is_personal=True)
def list_trail(call: ApiCall) -> ApiPage:
    """List who did what to which row of the installation, the latest first, for administrators."""
    policy.require_administrator(call.actor)
    filters = TrailFilters(**call.query, before=call.page.after_id)
    page = trail.read_trail_page(filters, reader_time_zone(), call.page.limit)
    lines = [
        vars(line)
        | {"programme": line.place.programme if line.place else ""}
        | {"project": line.place.project if line.place else ""}
        for line in page.lines
    ]
    return ApiPage(lines, None if page.next_before is None else str(page.next_before))
