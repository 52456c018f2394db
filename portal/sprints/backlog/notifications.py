"""Notifications about items: one was assigned to the recipient."""

from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_person_of_subject,
)
from portal.communication.notifications.models import Channel, Notification
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.backlog import commands
from portal.sprints.backlog.models import Item


def _build_backlog_path(_row: Notification, slug: str) -> str:
    return f"/projects/{slug}/backlog"


ASSIGNED = NotificationKind(
    code="item_assigned",
    label=_l("On me confie un élément du carnet"),
    sentence=_l("vous confie « %(name)s »"),
    is_personal=True,
    path_of=_build_backlog_path,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (ASSIGNED,)
_select_assignee = select_person_of_subject(Item, Item.assignee_id)
RULES = (NotificationRule(ASSIGNED, (commands.ADDED, commands.ASSIGNED), _select_assignee),)
