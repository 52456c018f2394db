"""Notifications of juries: applications are assigned to somebody. Never a title, never a score."""

from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_named_person,
)
from portal.communication.notifications.models import Channel
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.jury import commands

ASSIGNED = NotificationKind(
    code="applications_assigned",
    label=_l("Des candidatures me sont confiées"),
    sentence=_l("vous confie des candidatures de l’appel « %(name)s »"),
    is_personal=True,
    usual=channels_by_audience(Channel.AT_ONCE, Channel.AT_ONCE, Channel.AT_ONCE, Channel.AT_ONCE),
)

KINDS = (ASSIGNED,)
RULES = (NotificationRule(ASSIGNED, (commands.ASSIGNED,), select_named_person()),)
