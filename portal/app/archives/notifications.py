"""Tell leads that the content of a closed programme leaves: thirty days, then seven days before."""

from portal.app.archives import departure_commands as commands
from portal.app.archives.policy import ARCHIVE_READERS
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    role_holders,
)
from portal.communication.notifications.models import Channel
from portal.platform.kernel.text import lazy_gettext as _l

LEAVING = NotificationKind(
    code="programme_leaving",
    label=_l("Le contenu d’un programme clos va partir"),
    impersonal={
        commands.TOLD_FIRST.code: _l("Le contenu du programme part dans trente jours : gardez-en l’archive."),
        commands.TOLD_SECOND.code: _l("Le contenu du programme part dans sept jours : gardez-en l’archive."),
    },
    usual=channels_by_audience(Channel.INBOX, Channel.INBOX, Channel.INBOX, Channel.AT_ONCE),
)
KINDS = (LEAVING,)
RULES = (
    NotificationRule(LEAVING, (commands.TOLD_FIRST, commands.TOLD_SECOND), role_holders(*ARCHIVE_READERS)),
)
