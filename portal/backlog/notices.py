"""News of items: somebody is asked to see to one."""

from sqlalchemy import select

from portal.backlog import commands
from portal.backlog.models import Item
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import SUBJECT, Kind, Rule, each
from portal.notifications.models import Channel, Notification


def _to_backlog(_row: Notification, slug: str) -> str:
    return f"/projects/{slug}/backlog"


ASSIGNED = Kind(
    code="item_assigned",
    label=_l("On me confie un élément du carnet"),
    said=_l("vous confie « %(name)s »"),
    is_personal=True,
    path_of=_to_backlog,
    usual=each(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (ASSIGNED,)
_assignee = select(Item.assignee_id.label("person_id"), SUBJECT.label("group_id")).where(
    Item.id == SUBJECT, Item.assignee_id.is_not(None)
)
RULES = (Rule(ASSIGNED, (commands.ADDED, commands.ASSIGNED), _assignee),)
