"""How long notifications are kept."""

from portal.communication.notifications.models import Notification
from portal.platform.kernel.retention import RetentionGroup, RetentionRule
from portal.platform.kernel.text import lazy_gettext as _l

RULES = (
    RetentionRule(
        key="notifications",
        group=RetentionGroup.MESSAGES,
        title=_l("Notifications : ce qui s’est passé, lu ou non"),
        reason=_l("Vous prévenir comme vous le souhaitez, et retrouver ce qui vous a été dit"),
        days=90,
        model=Notification,
        is_over=lambda before: Notification.created_at < before,
    ),
)
