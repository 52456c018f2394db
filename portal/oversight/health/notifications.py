"""Notifications about health: overrides, and weathers that darken."""

from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    find_new_value_of_field,
    path_from_facts,
    select_programme_leaders,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.oversight.health import commands
from portal.people.programmes import policy as programmes
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.text import lazy_gettext as _l

OVERRIDE_STATED = NotificationKind(
    code="health_said",
    label=_l("La direction dit comment elle voit un projet"),
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
DARKER = NotificationKind(
    code="weather_darker",
    label=_l("Une équipe déclare la pluie ou l’orage"),
    sentence=_l("déclare une météo qui se gâte"),
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.INBOX, Channel.DAILY, Channel.INBOX, Channel.DAILY),
)

KINDS = (OVERRIDE_STATED, DARKER)


def _darkens_outlook(line: PendingAuditEvent) -> bool:
    """Whether the declared outlook is rain or storm, and darker than the one before."""
    outlook, before = find_new_value_of_field(line, "outlook"), line.before.get("outlook")
    dark = commands.DARK_OUTLOOKS
    return outlook in dark and (before not in dark or dark.index(outlook) > dark.index(before))


RULES = (
    NotificationRule(
        OVERRIDE_STATED,
        (commands.OVERRIDDEN, commands.OVERRIDE_WITHDRAWN),
        select_role_holders(*programmes.TEAM, *programmes.COACHES),
    ),
    NotificationRule(
        OVERRIDE_STATED, (commands.OVERRIDDEN, commands.OVERRIDE_WITHDRAWN), select_programme_leaders()
    ),
    NotificationRule(
        DARKER, (commands.DECLARED,), select_role_holders(*programmes.COACHES), when=_darkens_outlook
    ),
    NotificationRule(DARKER, (commands.DECLARED,), select_programme_leaders(), when=_darkens_outlook),
)
