"""Tells leads and operators that a programme has too few operators left to pay its instalments."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.communication.notifications.kind_queries import (
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
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.text import lazy_gettext as _l


def _programmes_path(_row: Notification, _slug: str) -> str:
    return "/programmes"


def _is_of_operator(line: PendingAuditEvent) -> bool:
    return bool(line.facts["role"] == policy.OPERATOR.value)


def _select_leads_and_operators_beside_closed_account() -> RecipientsStatement:
    """Those of the programmes of which the person that the event is about is an operator."""
    place, operator_role = RoleAssignment.scope_id, aliased(RoleAssignment)
    operated = select(operator_role.scope_id).where(
        operator_role.person_id == SUBJECT, operator_role.role == policy.OPERATOR
    )
    return select(
        RoleAssignment.person_id.label("person_id"), SUBJECT.label("group_id"), place.label("scope_id")
    ).where(
        place.in_(operated),
        RoleAssignment.role.in_((policy.LEAD, policy.OPERATOR)),
        select_operator_count(place) < NEEDED,
        to_pay_condition(place),
    )


KIND = NotificationKind(
    code="operators_missing",
    label=_l("Il manque un opérateur à un programme"),
    sentence={
        roles.ENDED.code: _l("a mis fin au rôle de %(person)s (%(role)s) : il faut deux opérateurs"),
        roles.LEFT.code: _l("a mis fin à son rôle d’opérateur : il en faut deux"),
        accounts.DISABLED.code: _l("a fermé le compte d’un opérateur : il en faut deux"),
    },
    path_of=_programmes_path,
    usual=dict.fromkeys(NotificationAudience, Channel.DAILY),
)
RULES = (
    NotificationRule(
        KIND,
        (roles.ENDED, roles.LEFT),
        select_role_holders(policy.LEAD, policy.OPERATOR).where(
            select_operator_count(SCOPE) < NEEDED, to_pay_condition(SCOPE)
        ),
        when=_is_of_operator,
    ),
    NotificationRule(KIND, (accounts.DISABLED,), _select_leads_and_operators_beside_closed_account()),
)
