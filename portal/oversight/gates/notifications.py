"""Notifications about gates: requested, decided, no longer proved."""

from sqlalchemy import select

from portal.communication.notifications.due_date_queries import select_still_open_ids
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    path_from_facts,
    select_named_person,
    select_programme_leaders,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.oversight.gates import commands, projections, reminder_commands
from portal.oversight.gates.evidence_value_labels import describe_missing_facts
from portal.oversight.gates.models import GateDecision
from portal.oversight.gates.request_queries import answered_condition
from portal.people.programmes import policy as programmes
from portal.platform.kernel.text import lazy_gettext as _l

GATE_REQUESTED = NotificationKind(
    code="gate_asked",
    detail=describe_missing_facts,
    label=_l("Une équipe demande un jalon"),
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.INBOX, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    relevant_subjects=select_still_open_ids(
        select(GateDecision.id).where(~answered_condition()), GateDecision.id
    ),
)
DECIDED = NotificationKind(
    code="gate_decided",
    detail=describe_missing_facts,
    label=_l("Un jalon est accepté, refusé ou dispensé"),
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.AT_ONCE, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
UNPROVED = NotificationKind(
    code="gate_unproved",
    label=_l("Un jalon n’est plus prouvé, ou une acceptation est périmée"),
    impersonal={
        projections.UNPROVED.code: _l("Le jalon G%(number)s n’est plus prouvé"),
        projections.STALE.code: _l("L’acceptation du jalon G%(number)s est périmée"),
    },
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (GATE_REQUESTED, DECIDED, UNPROVED)
_around = (*programmes.TEAM, *programmes.COACHES)
_ends = (commands.ACCEPTED, commands.REFUSED, commands.WAIVED, commands.RESTORED)
RULES = (
    NotificationRule(
        GATE_REQUESTED, (commands.DECLARED,), select_role_holders(*programmes.COACHES, *programmes.REVIEWERS)
    ),
    NotificationRule(GATE_REQUESTED, (commands.DECLARED,), select_programme_leaders()),
    NotificationRule(GATE_REQUESTED, (reminder_commands.REMINDED,), select_named_person()),
    NotificationRule(DECIDED, _ends, select_role_holders(*_around)),
    NotificationRule(UNPROVED, (projections.UNPROVED, projections.STALE), select_role_holders(*_around)),
    NotificationRule(UNPROVED, (projections.STALE,), select_programme_leaders()),
)
