"""News of health: what people say of it beside what is computed."""

from portal.health import commands
from portal.kernel.audit import Line
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import Kind, Rule, changed_to, each, holders, leaders, path_told
from portal.notifications.models import Channel
from portal.programmes import policy as programmes
from portal.sprints.models import Outlook

SAID = Kind(
    code="health_said",
    label=_l("La direction dit comment elle voit un projet"),
    path_of=path_told,
    usual=each(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
DARKER = Kind(
    code="weather_darker",
    label=_l("Une équipe déclare la pluie ou l’orage"),
    said=_l("déclare une météo qui se gâte"),
    path_of=path_told,
    usual=each(Channel.INBOX, Channel.DAILY, Channel.INBOX, Channel.DAILY),
)

KINDS = (SAID, DARKER)
_DARK = {Outlook.RAINY.value, Outlook.STORMY.value}


def _darkens(line: Line) -> bool:
    """Rain or storm, where it was not the same the last time."""
    told = changed_to(line, "outlook")
    return told in _DARK and told != line.before.get("outlook")


RULES = (
    Rule(
        SAID,
        (commands.OVERRIDDEN, commands.TAKEN_BACK),
        holders(*programmes.TEAM, *programmes.COACHES),
    ),
    Rule(SAID, (commands.OVERRIDDEN, commands.TAKEN_BACK), leaders()),
    Rule(DARKER, (commands.DECLARED,), holders(*programmes.COACHES), when=_darkens),
    Rule(DARKER, (commands.DECLARED,), leaders(), when=_darkens),
)
