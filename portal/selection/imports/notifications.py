"""Notifications of imports to the leads of the call: applications came in, an import stopped."""

from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.calls.policy import LEAD
from portal.selection.imports import run_commands

IMPORTED = NotificationKind(
    code="applications_imported",
    label=_l("Des candidatures sont arrivées"),
    impersonal={
        run_commands.ENDED.code: _l("Des candidatures importées sont arrivées dans l’appel %(number)s")
    },
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
)
STOPPED = NotificationKind(
    code="import_stopped",
    label=_l("Un import de candidatures s’est arrêté"),
    impersonal={run_commands.STOPPED.code: _l("L’import de l’appel %(number)s s’est arrêté, et vous attend")},
    usual=channels_by_audience(Channel.AT_ONCE, Channel.AT_ONCE, Channel.AT_ONCE, Channel.AT_ONCE),
)

KINDS = (IMPORTED, STOPPED)
RULES = (
    NotificationRule(IMPORTED, (run_commands.ENDED,), select_role_holders(LEAD)),
    NotificationRule(STOPPED, (run_commands.STOPPED,), select_role_holders(LEAD)),
)
