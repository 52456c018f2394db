"""Notifications about prototypes: a version was released."""

from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    make_path_below_project,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.prototypes import commands

RELEASED = NotificationKind(
    code="version_released",
    label=_l("Une version du prototype sort"),
    path_of=make_path_below_project("/file/prototypes/{number}"),
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.INBOX),
)

KINDS = (RELEASED,)
RULES = (NotificationRule(RELEASED, (commands.RELEASED,), select_role_holders(*programmes.PROJECT_READERS)),)
