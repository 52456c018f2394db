"""News of the transparency sheet, for the team whose sheet everybody reads, or no more."""

from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.ethics.transparency import commands
from portal.people.programmes import policy as programmes
from portal.platform.kernel.text import lazy_gettext as _l

SHEET = NotificationKind(
    code="transparency_sheet",
    label=_l("La fiche de transparence de mon projet est publiée ou retirée"),
    usual=channels_by_audience(Channel.INBOX, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)
KINDS = (SHEET,)
RULES = (
    NotificationRule(SHEET, (commands.PUBLISHED, commands.WITHDRAWN), select_role_holders(*programmes.TEAM)),
)
