"""Notifications about sprints: started, closed, and a team that asks for help."""

from sqlalchemy import select

from portal.communication.notifications.due_date_queries import select_still_open_ids
from portal.communication.notifications.kind_queries import (
    NotificationEnd,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    find_new_value_of_field,
    make_path_below_project,
    select_programme_leaders,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.sprints import commands, help_commands, undo_commands
from portal.sprints.sprints.models import ASKS_FOR_HELP, Sprint

_help_not_given = Sprint.helped_at.is_(None)
HELP_WANTED = NotificationKind(
    code="help_wanted",
    label=_l("Une équipe demande de l’aide"),
    sentence=dict.fromkeys(
        (commands.CLOSED.code, commands.LOG_CHANGED.code, help_commands.HELP_ASKED.code),
        _l("demande de l’aide à un coach, sprint %(number)s"),
    ),
    path_of=make_path_below_project("/clinics/{number}"),
    usual=channels_by_audience(Channel.INBOX, Channel.AT_ONCE, Channel.INBOX, Channel.DAILY),
    relevant_subjects=select_still_open_ids(
        select(Sprint.id).where(ASKS_FOR_HELP, _help_not_given), Sprint.id
    ),
)
SPRINT_CLOSED = NotificationKind(
    code="sprint_closed",
    label=_l("Une équipe clôt un sprint"),
    path_of=make_path_below_project("/sprints/{number}"),
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.WEEKLY),
    relevant_subjects=select_still_open_ids(
        select(Sprint.id).where(Sprint.closed_at.is_not(None)), Sprint.id
    ),
)
SPRINT_STARTED = NotificationKind(
    code="sprint_started",
    label=_l("Une équipe démarre un sprint"),
    path_of=make_path_below_project("/sprints/{number}"),
    usual=channels_by_audience(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
    relevant_subjects=select_still_open_ids(
        select(Sprint.id).where(Sprint.started_at.is_not(None)), Sprint.id
    ),
)

KINDS = (HELP_WANTED, SPRINT_CLOSED, SPRINT_STARTED)
_logs = (commands.CLOSED, commands.LOG_CHANGED)
_help_wanted = {"when": lambda line: bool(find_new_value_of_field(line, "help_wanted"))}
RULES = (
    NotificationRule(HELP_WANTED, _logs, select_role_holders(*programmes.COACHES), **_help_wanted),
    NotificationRule(HELP_WANTED, _logs, select_programme_leaders(), **_help_wanted),
    NotificationRule(HELP_WANTED, (help_commands.HELP_ASKED,), select_role_holders(*programmes.COACHES)),
    NotificationRule(HELP_WANTED, (help_commands.HELP_ASKED,), select_programme_leaders()),
    NotificationRule(SPRINT_CLOSED, (commands.CLOSED,), select_role_holders(*programmes.PROJECT_READERS)),
    NotificationRule(SPRINT_CLOSED, (commands.CLOSED,), select_programme_leaders()),
    NotificationRule(
        SPRINT_STARTED, (commands.STARTED,), select_role_holders(*programmes.TEAM, *programmes.COACHES)
    ),
)


def _withdraws_help(line: PendingAuditEvent) -> bool:
    """Whether an act withdrew the request for help: a log that was unticked, or what names it."""
    return help_commands.WITHDRAWN_HELP in line.facts or find_new_value_of_field(line, "help_wanted") is False


_withdrawals = (*_logs, undo_commands.CLOSE_UNDONE, help_commands.HELP_WITHDRAWN)
ENDS = (
    NotificationEnd(SPRINT_STARTED, (undo_commands.START_UNDONE,)),
    NotificationEnd(SPRINT_CLOSED, (undo_commands.CLOSE_UNDONE,)),
    NotificationEnd(HELP_WANTED, _withdrawals, when=_withdraws_help),
)
