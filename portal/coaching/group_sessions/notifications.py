"""Notifications of group sessions: announced, or moved to another day."""

from portal.coaching.group_sessions import commands
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    changed_to,
    channels_by_audience,
    role_holders,
    role_holders_in_projects,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.platform.kernel.audit import AuditLine
from portal.platform.kernel.text import lazy_gettext as _l

ANNOUNCED = NotificationKind(
    code="gathering",
    label=_l("Une séance collective est annoncée, ou change de jour"),
    sentence={
        commands.ANNOUNCED.code: _l("a annoncé la séance collective « %(name)s »"),
        commands.CHANGED.code: _l("a changé le jour de la séance collective « %(name)s »"),
    },
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (ANNOUNCED,)


def _has_new_date(line: AuditLine) -> bool:
    return line.action == commands.ANNOUNCED.code or changed_to(line, "held_on") is not None


_actions = (commands.ANNOUNCED, commands.CHANGED)
_teams = role_holders_in_projects(*programmes.TEAM, *programmes.COACHES)
RULES = (
    NotificationRule(ANNOUNCED, _actions, _teams, _has_new_date),
    NotificationRule(ANNOUNCED, _actions, role_holders(*programmes.ORGANISERS), _has_new_date),
)
