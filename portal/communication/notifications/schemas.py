"""Schemas of one's own notifications."""

from portal.communication.notifications.models import Notification
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, flag, id_

NotificationSchema = row_schema(
    "NotificationSchema",
    Notification,
    *("fact_id", "group_id", "kind", "action", "scope_id", "subject", "subject_id", "actor_id", "read_at"),
)


class NotificationQuerySchema(ApiSchema):
    """Which notifications."""

    unread = flag("Only those that are not read.", load_default=False)


class NotificationGroupSchema(ApiSchema):
    """All notifications of a group."""

    group_id = id_(required=True)
