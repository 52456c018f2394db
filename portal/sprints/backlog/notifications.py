"""Notifications about items: one was assigned to the recipient."""

from sqlalchemy import select

from portal.communication.notifications.kind_queries import (
    SUBJECT,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
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
_select_assignee = select(Item.assignee_id.label("person_id"), SUBJECT.label("group_id")).where(
    Item.id == SUBJECT, Item.assignee_id.is_not(None)
)
RULES = (NotificationRule(ASSIGNED, (commands.ADDED, commands.ASSIGNED), _select_assignee),)
