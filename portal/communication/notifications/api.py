"""Operations on one's own notifications."""

from portal.communication.notifications import commands, queries
from portal.communication.notifications.schemas import (
    NotificationGroupSchema,
    NotificationQuerySchema,
    NotificationSchema,
)
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage

area = ApiArea("personal")


@area.list("/notifications", NotificationSchema, query=NotificationQuerySchema, is_personal=True)
def list_notifications(call: ApiCall) -> ApiPage:
    """List one's notifications, the latest first."""
    first, limit = call.page.first, call.page.limit
    rows = queries.list_notifications(
        call.actor, offset=first, limit=limit + 1, is_unread=call.query["unread"]
    )
    return ApiPage(rows[:limit], first + limit if len(rows) > limit else None)


@area.act("/notifications/read", None, body=NotificationGroupSchema, status=204, is_personal=True)
def read_notifications(call: ApiCall) -> None:
    """Mark the notifications of a group as read."""
    queries.get_in_group(call.actor, call.body["group_id"])
    commands.mark_group_read(call.actor, call.body["group_id"])
