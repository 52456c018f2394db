"""Tells leads and operators that a programme has too few operators left to pay its instalments."""

from portal.communication.notifications.kind_queries import (
    SCOPE,
    NotificationKind,
    NotificationRule,
    select_role_holders,
)
from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.policy import NotificationAudience
from portal.funding.agreements import policy
from portal.funding.operator_desk.staffing_queries import NEEDED, select_operator_count, to_pay_condition
from portal.people.programmes import role_commands as roles
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.text import lazy_gettext as _l


def _programmes_path(_row: Notification, _slug: str) -> str:
    return "/programmes"


def _is_of_operator(line: PendingAuditEvent) -> bool:
    return bool(line.facts["role"] == policy.OPERATOR.value)


KIND = NotificationKind(
    code="operators_missing",
    label=_l("Il manque un opérateur à un programme"),
    sentence=_l("a mis fin au rôle de %(person)s (%(role)s) : il faut deux opérateurs, invitez-en un autre"),
    path_of=_programmes_path,
    usual=dict.fromkeys(NotificationAudience, Channel.DAILY),
)
RULES = (
    NotificationRule(
        KIND,
        (roles.ENDED,),
        select_role_holders(policy.LEAD, policy.OPERATOR).where(
            select_operator_count(SCOPE) < NEEDED, to_pay_condition(SCOPE)
        ),
        when=_is_of_operator,
    ),
)
