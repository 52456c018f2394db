"""News of collective sessions: one is announced, or moves to another day."""

from portal.gatherings import commands
from portal.kernel.audit import Line
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import (
    Kind,
    Rule,
    changed_to,
    each,
    holders,
    holders_below,
    path_told,
)
from portal.notifications.models import Channel
from portal.programmes import policy as programmes

ANNOUNCED = Kind(
    code="gathering",
    label=_l("Une séance collective est annoncée, ou change de jour"),
    said={
        commands.ANNOUNCED.code: _l("a annoncé la séance collective « %(name)s »"),
        commands.CHANGED.code: _l("a changé le jour de la séance collective « %(name)s »"),
    },
    path_of=path_told,
    usual=each(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (ANNOUNCED,)


def _moved(line: Line) -> bool:
    return line.action == commands.ANNOUNCED.code or changed_to(line, "held_on") is not None


_deeds = (commands.ANNOUNCED, commands.CHANGED)
_teams = holders_below(*programmes.TEAM, *programmes.COACHES)
RULES = (
    Rule(ANNOUNCED, _deeds, _teams, _moved),
    Rule(ANNOUNCED, _deeds, holders(*programmes.ORGANISERS), _moved),
)
