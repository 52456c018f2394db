"""Notifications of clinics: claimed, scheduled, conducted, closed."""

from portal.coaching.clinics import commands
from portal.coaching.clinics.assignment_commands import ASSIGNED, REMINDED
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    named_person,
    path_from_facts,
    role_holders,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.platform.kernel.text import lazy_gettext as _l

CLINIC = NotificationKind(
    code="clinic",
    label=_l("Un coach répond à une demande d’aide de mon équipe"),
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)

ASSIGNMENT = NotificationKind(
    code="clinic_given",
    label=_l("Une demande d’aide vous est confiée, ou rappelée"),
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.INBOX, Channel.AT_ONCE, Channel.INBOX, Channel.INBOX),
)

KINDS = (CLINIC, ASSIGNMENT)
_actions = (commands.CLAIMED, commands.SCHEDULED, commands.CONDUCTED, commands.CLOSED)
_is_unclaimed = {"when": lambda line: "person_id" not in line.facts}
RULES = (
    NotificationRule(CLINIC, _actions, role_holders(*programmes.TEAM, *programmes.COACHES)),
    NotificationRule(CLINIC, (ASSIGNED,), role_holders(*programmes.TEAM)),
    NotificationRule(ASSIGNMENT, (ASSIGNED, REMINDED), named_person()),
    NotificationRule(ASSIGNMENT, (REMINDED,), role_holders(*programmes.COACHES), **_is_unclaimed),
)
