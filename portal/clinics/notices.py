"""News of clinics: a coach took the request, and when it is held."""

from portal.clinics import commands
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import Kind, Rule, each, holders, path_told
from portal.notifications.models import Channel
from portal.programmes import policy as programmes

CLINIC = Kind(
    code="clinic",
    label=_l("Un coach répond à une demande d’aide de mon équipe"),
    path_of=path_told,
    usual=each(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)

KINDS = (CLINIC,)
_deeds = (commands.TAKEN, commands.PLANNED, commands.HELD, commands.CLOSED)
RULES = (Rule(CLINIC, _deeds, holders(*programmes.TEAM, *programmes.COACHES)),)
