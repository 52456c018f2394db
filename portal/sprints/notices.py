"""News of sprints: that one is closed, and that its team asks for help."""

from sqlalchemy import select

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.dues import still
from portal.notifications.kinds import (
    Kind,
    Rule,
    changed_to,
    each,
    holders,
    leaders,
    path_below,
)
from portal.notifications.models import Channel
from portal.programmes import policy as programmes
from portal.sprints import commands
from portal.sprints.models import Sprint

_unhelped = Sprint.helped_at.is_(None)
HELP = Kind(
    code="help_wanted",
    label=_l("Une équipe demande de l’aide en fin de sprint"),
    said=_l("demande une clinique avec un coach, à la fin du sprint %(number)s"),
    path_of=path_below("/sprints/{number}"),
    usual=each(Channel.INBOX, Channel.AT_ONCE, Channel.INBOX, Channel.DAILY),
    standing=still(select(Sprint.id).where(Sprint.help_wanted, _unhelped), Sprint.id),
)
CLOSED = Kind(
    code="sprint_closed",
    label=_l("Une équipe clôt un sprint"),
    path_of=path_below("/sprints/{number}"),
    usual=each(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.WEEKLY),
)
STARTED = Kind(
    code="sprint_started",
    label=_l("Une équipe démarre un sprint"),
    path_of=path_below("/sprints/{number}"),
    usual=each(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)

KINDS = (HELP, CLOSED, STARTED)
_wanted = {"when": lambda line: bool(changed_to(line, "help_wanted"))}
RULES = (
    Rule(HELP, (commands.CLOSED,), holders(*programmes.COACHES), **_wanted),
    Rule(HELP, (commands.CLOSED,), leaders(), **_wanted),
    Rule(CLOSED, (commands.CLOSED,), holders(*programmes.PROJECT_READERS)),
    Rule(CLOSED, (commands.CLOSED,), leaders()),
    Rule(STARTED, (commands.STARTED,), holders(*programmes.TEAM, *programmes.COACHES)),
)
