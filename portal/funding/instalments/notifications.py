"""Notifications about money: never an amount, since mails leave the portal."""

from typing import Any

from sqlalchemy import Select, select

from portal.communication.notifications.kind_queries import (
    SCOPE,
    SUBJECT,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.funding.agreements import commands as agreements
from portal.funding.agreements import policy
from portal.funding.agreements.amendment_commands import AMENDED
from portal.funding.instalments import commands, document_commands, payment_commands, plan_commands
from portal.people.programmes.models import RoleAssignment, Scope
from portal.platform.kernel.text import lazy_gettext as _l

_IMPORTANT = channels_by_audience(Channel.AT_ONCE, Channel.INBOX, Channel.INBOX, Channel.DAILY)
TO_EXAMINE = NotificationKind(
    code="instalment_to_examine",
    label=_l("Une tranche est à contrôler ou à verser"),
    usual=channels_by_audience(Channel.INBOX, Channel.INBOX, Channel.INBOX, Channel.DAILY),
)
OUTCOME = NotificationKind(
    code="instalment_outcome", label=_l("Une tranche de mon projet avance"), usual=_IMPORTANT
)
AGREEMENT = NotificationKind(
    code="agreement_changed", label=_l("La convention de mon projet change"), usual=_IMPORTANT
)
KINDS = (TO_EXAMINE, OUTCOME, AGREEMENT)


def select_operators() -> Select[Any, Any, Any]:
    """The operators of the programme of the event's project, who have no role in the project."""
    programme_id = select(Scope.parent_id).where(Scope.id == SCOPE).scalar_subquery()
    return select(
        RoleAssignment.person_id.label("person_id"),
        SUBJECT.label("group_id"),
        RoleAssignment.scope_id.label("scope_id"),
    ).where(RoleAssignment.scope_id == programme_id, RoleAssignment.role == policy.OPERATOR)


RULES = (
    NotificationRule(
        TO_EXAMINE,
        (
            commands.REQUESTED,
            commands.CHECKED,
            commands.REOPENED,
            document_commands.HANDED_IN,
            payment_commands.OBSERVED,
        ),
        select_operators(),
    ),
    NotificationRule(
        OUTCOME,
        (
            commands.RETURNED,
            commands.REFUSED,
            commands.DEFERRED,
            plan_commands.REPLANNED,
            payment_commands.PAID,
            payment_commands.FAILED,
            payment_commands.ANNOUNCED,
            payment_commands.BOOKED,
            payment_commands.DROPPED,
        ),
        select_role_holders(*policy.TEAM),
    ),
    NotificationRule(
        AGREEMENT,
        (
            agreements.SIGNED,
            AMENDED,
            agreements.DOCUMENT_CHOSEN,
            agreements.AMENDMENT_SIGNED,
            agreements.ENDED,
        ),
        select_role_holders(*policy.TEAM),
    ),
)
