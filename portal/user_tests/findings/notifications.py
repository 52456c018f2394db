"""Notification of a severe finding. It names the finding by number: no text, no participant."""

from sqlalchemy import exists

from portal.communication.notifications.kind_queries import (
    SUBJECT,
    NotificationKind,
    NotificationRule,
    RecipientsStatement,
    channels_by_audience,
    make_path_below_project,
    select_programme_leaders,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.text import lazy_gettext as _l
from portal.user_tests.findings import commands
from portal.user_tests.findings.models import SEVERE, SEVERITY_MAX, Finding

FINDING_SEVERE = NotificationKind(
    code="finding_severe",
    label=_l("Un constat de test est jugé grave"),
    sentence=_l("juge grave le constat %(number)s d’un test"),
    path_of=make_path_below_project("/findings/{number}"),
    usual=channels_by_audience(Channel.AT_ONCE, Channel.DAILY, Channel.DAILY, Channel.DAILY),
)


def _sets_severity(line: PendingAuditEvent) -> bool:
    return line.action == commands.NOTED.code or "severity" in line.after


def _restrict_to_open_findings(people: RecipientsStatement, severity_min: int) -> RecipientsStatement:
    """Restrict recipients to an open finding of at severity_min this severity."""
    open_and_severe = Finding.severity >= severity_min, Finding.closing.is_(None)
    return people.where(exists().where(Finding.id == SUBJECT, *open_and_severe))


KINDS = (FINDING_SEVERE,)
_actions = (commands.NOTED, commands.RATED, commands.CHANGED)
RULES = (
    NotificationRule(
        FINDING_SEVERE,
        _actions,
        _restrict_to_open_findings(select_role_holders(*programmes.PROJECT_READERS), SEVERE),
        _sets_severity,
    ),
    NotificationRule(
        FINDING_SEVERE,
        _actions,
        _restrict_to_open_findings(select_programme_leaders(), SEVERITY_MAX),
        _sets_severity,
    ),
)
