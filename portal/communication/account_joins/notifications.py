"""Tells a person that two accounts of theirs became one."""

from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    select_named_person,
)
from portal.communication.notifications.models import Channel
from portal.communication.notifications.policy import NotificationAudience
from portal.people.accounts.join_commands import JOINED
from portal.platform.kernel.text import lazy_gettext as _l

KIND = NotificationKind(
    code="account_join",
    label=_l("Mes deux comptes sont réunis"),
    sentence=_l("a réuni vos deux comptes en celui-ci"),
    is_personal=True,
    usual=dict.fromkeys(NotificationAudience, Channel.INBOX),
)
RULES = (NotificationRule(KIND, (JOINED,), select_named_person()),)
