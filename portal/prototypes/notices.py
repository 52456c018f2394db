"""News of prototypes: a version is out."""

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import Kind, Rule, each, holders, path_below
from portal.notifications.models import Channel
from portal.programmes import policy as programmes
from portal.prototypes import commands

RELEASED = Kind(
    code="version_released",
    label=_l("Une version du prototype sort"),
    path_of=path_below("/file/prototypes/{number}"),
    usual=each(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.INBOX),
)

KINDS = (RELEASED,)
RULES = (Rule(RELEASED, (commands.RELEASED,), holders(*programmes.PROJECT_READERS)),)
