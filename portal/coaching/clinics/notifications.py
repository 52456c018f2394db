"""Notifications of clinics: claimed, scheduled, conducted, closed."""

from portal.coaching.clinics import commands
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    role_holders,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.platform.kernel.text import lazy_gettext as _l

CLINIC = NotificationKind(
    code="clinic",
    label=_l("Un coach répond à une demande d’aide de mon équipe"),
    usual=channels_by_audience(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)

KINDS = (CLINIC,)
_actions = (commands.CLAIMED, commands.SCHEDULED, commands.CONDUCTED, commands.CLOSED)
RULES = (NotificationRule(CLINIC, _actions, role_holders(*programmes.TEAM, *programmes.COACHES)),)
