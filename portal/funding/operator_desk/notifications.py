"""Tells leads and operators that a programme has too few operators left to pay its instalments."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, null, or_, select
from sqlalchemy.orm import aliased

from portal.communication.notifications.kind_queries import (
    NAMED_PERSON,
    SCOPE,
    SUBJECT,
    NotificationKind,
    NotificationRule,
    RecipientsStatement,
    select_role_holders,
)
from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.policy import NotificationAudience
from portal.funding.agreements import policy
from portal.funding.operator_desk.staffing_queries import NEEDED, select_operator_count, to_pay_condition
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.text import lazy_gettext as _l

CODE = "operators_missing"


def _funding_path(_row: Notification, _slug: str) -> str:
    return "/funding"


def _is_of_operator(line: PendingAuditEvent) -> bool:
    return bool(line.facts["role"] == policy.OPERATOR.value)


def _select_leads_and_operators_beside_closed_account() -> RecipientsStatement:
    """Those of the programmes of which the person that the event is about is an operator; whoever has
    several of these programmes is told without a place, once, and reads of each on the page."""
    place, other = RoleAssignment.scope_id, aliased(RoleAssignment)
    has_several = exists().where(
        other.person_id == RoleAssignment.person_id, other.scope_id != place, _lost_operator_condition(other)
    )
    return select(
        RoleAssignment.person_id.label("person_id"),
        SUBJECT.label("group_id"),
        case((has_several, null()), else_=place).label("scope_id"),
    ).where(_lost_operator_condition(RoleAssignment))


def _lost_operator_condition(assignment: Any) -> ColumnElement[bool]:
    """Whether a role is that of a lead or an operator in a programme that has too few operators without the
    account that the event is about."""
    operator_role = aliased(RoleAssignment)
    operated = select(operator_role.scope_id).where(
        operator_role.person_id == SUBJECT, operator_role.role == policy.OPERATOR
    )
    return and_(
        assignment.scope_id.in_(operated),
        assignment.role.in_((policy.LEAD, policy.OPERATOR)),
        select_operator_count(assignment.scope_id) < NEEDED,
        to_pay_condition(assignment.scope_id),
    )


def _read_of_closed_account_condition() -> ColumnElement[bool]:
    """Whether a holder of a role was told that the account of the person whose role ends is closed, and it
    still is."""
    earlier, named = aliased(Notification), aliased(Person)
    return exists().where(
        earlier.person_id == RoleAssignment.person_id,
        earlier.kind == CODE,
        earlier.action == accounts.DISABLED.code,
        earlier.group_id == NAMED_PERSON,
        or_(earlier.scope_id == SCOPE, earlier.scope_id.is_(None)),
        named.id == NAMED_PERSON,
        named.disabled_at.is_not(None),
    )


KIND = NotificationKind(
    code=CODE,
    label=_l("Il manque un opérateur à un programme"),
    sentence={
        roles.ENDED.code: _l("a mis fin au rôle de %(person)s (%(role)s) : il faut deux opérateurs"),
        roles.LEFT.code: _l("a mis fin à son rôle d’opérateur : il en faut deux"),
        accounts.DISABLED.code: _l("a fermé le compte d’un opérateur : il en faut deux par programme"),
    },
    path_of=_funding_path,
    usual=dict.fromkeys(NotificationAudience, Channel.DAILY),
)
RULES = (
    NotificationRule(
        KIND,
        (roles.ENDED, roles.LEFT),
        select_role_holders(policy.LEAD, policy.OPERATOR).where(
            select_operator_count(SCOPE) < NEEDED,
            to_pay_condition(SCOPE),
            ~_read_of_closed_account_condition(),
        ),
        when=_is_of_operator,
    ),
    NotificationRule(KIND, (accounts.DISABLED,), _select_leads_and_operators_beside_closed_account()),
)
