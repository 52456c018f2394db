"""News of findings: one is severe. Neither its words nor who met it are told: its number is."""

from sqlalchemy import exists

from portal.findings import commands
from portal.findings.models import SEVERE, SEVERITY_MAX, Finding
from portal.kernel.audit import Line
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import (
    SUBJECT,
    Kind,
    People,
    Rule,
    each,
    holders,
    leaders,
    path_below,
)
from portal.notifications.models import Channel
from portal.programmes import policy as programmes

SEVERE_FOUND = Kind(
    code="finding_severe",
    label=_l("Un constat de test est jugé grave"),
    said=_l("juge grave le constat %(number)s d’un test"),
    path_of=path_below("/findings/{number}"),
    usual=each(Channel.AT_ONCE, Channel.DAILY, Channel.DAILY, Channel.DAILY),
)


def _rated(line: Line) -> bool:
    return line.action == commands.NOTED.code or "severity" in line.after


def _where(people: People, least: int) -> People:
    """Nobody, where the finding is milder."""
    open_ = Finding.severity >= least, Finding.closing.is_(None)
    return people.where(exists().where(Finding.id == SUBJECT, *open_))


KINDS = (SEVERE_FOUND,)
_deeds = (commands.NOTED, commands.RATED, commands.CHANGED)
RULES = (
    Rule(SEVERE_FOUND, _deeds, _where(holders(*programmes.PROJECT_READERS), SEVERE), _rated),
    Rule(SEVERE_FOUND, _deeds, _where(leaders(), SEVERITY_MAX), _rated),
)
