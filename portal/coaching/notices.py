"""News of coaching sessions: one was logged, with what it decided."""

from portal.coaching import commands
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import Kind, Rule, each, holders, path_below
from portal.notifications.models import Channel
from portal.programmes import policy as programmes

LOGGED = Kind(
    code="coaching_logged",
    label=_l("Un coach note une séance avec mon équipe"),
    path_of=path_below("/coaching/{number}"),
    usual=each(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)

KINDS = (LOGGED,)
_around = holders(*programmes.TEAM, *programmes.COACHES)
RULES = (Rule(LOGGED, (commands.LOGGED,), _around),)
