"""Operations on one's own calendar link; its address is a secret, which its page alone makes."""

from portal.communication.calendar import commands, queries, schemas
from portal.communication.calendar.models import CalendarLink
from portal.platform.kernel.errors import require_row
from portal.platform.web.api_operations import ApiArea, ApiCall

area = ApiArea("personal")


@area.get("/calendar-link", schemas.CalendarLinkSchema, is_personal=True)
def get_calendar_link(call: ApiCall) -> CalendarLink:
    """Read since when one's calendar has a link; never the link."""
    return require_row(queries.find_own_link(call.actor))


@area.delete("/calendar-link", is_personal=True)
def revoke_calendar_link(call: ApiCall) -> None:
    """Revoke the link of one's calendar: it opens nothing more."""
    commands.revoke_link(call.actor)
