"""Notifications of coaching sessions: a coach logged one."""

from portal.coaching.sessions import commands
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    path_below,
    role_holders,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.platform.kernel.text import lazy_gettext as _l

LOGGED = NotificationKind(
    code="coaching_logged",
    label=_l("Un coach note une séance avec mon équipe"),
    path_of=path_below("/coaching/{number}"),
    usual=channels_by_audience(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)

KINDS = (LOGGED,)
_recipients = role_holders(*programmes.TEAM, *programmes.COACHES)
RULES = (NotificationRule(LOGGED, (commands.LOGGED,), _recipients),)
