"""Notifications about gates: requested, decided, no longer proved."""

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from portal.communication.notifications.due_date_queries import select_still_open_ids
from portal.communication.notifications.kind_queries import (
    SUBJECT,
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
from portal.oversight.gates.models import GateDecision, GateEvaluation
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
# What the inbox groups the evaluations of one gate by: the first of them.
_judged, _earlier = aliased(GateEvaluation), aliased(GateEvaluation)
_first_evaluation_id = (
    select(_earlier.id)
    .join(_judged, and_(_judged.project_id == _earlier.project_id, _judged.gate == _earlier.gate))
    .where(_judged.id == SUBJECT)
    .order_by(_earlier.id)
    .limit(1)
    .scalar_subquery()
)
RULES = (
    NotificationRule(
        GATE_REQUESTED, (commands.DECLARED,), select_role_holders(*programmes.COACHES, *programmes.REVIEWERS)
    ),
    NotificationRule(GATE_REQUESTED, (commands.DECLARED,), select_programme_leaders()),
    NotificationRule(GATE_REQUESTED, (reminder_commands.REMINDED,), select_named_person()),
    NotificationRule(DECIDED, _ends, select_role_holders(*_around)),
    NotificationRule(
        UNPROVED,
        (projections.UNPROVED, projections.STALE),
        select_role_holders(*_around, group_id=_first_evaluation_id),
    ),
    NotificationRule(UNPROVED, (projections.STALE,), select_programme_leaders(group_id=_first_evaluation_id)),
)
