"""Tell leads that the content of a closed programme leaves: thirty days, then seven days before; and
whoever asked for an archive, that an erasure removed it."""

from portal.app.archives import commands as archives
from portal.app.archives import departure_commands as commands
from portal.app.archives.policy import ARCHIVE_READERS
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    select_named_person,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.platform.kernel.text import lazy_gettext as _l

LEAVING = NotificationKind(
    code="programme_leaving",
    label=_l("Le contenu d’un programme clos va être supprimé, ou une archive que j’ai demandée est retirée"),
    impersonal={
        commands.TOLD_FIRST.code: _l(
            "Le contenu du programme sera supprimé dans trente jours : gardez-en l’archive."
        ),
        commands.TOLD_SECOND.code: _l(
            "Le contenu du programme sera supprimé dans sept jours : gardez-en l’archive."
        ),
        archives.REMOVED.code: _l(
            "L’archive du programme a été retirée : elle contenait les données d’une personne dont le"
            " compte est effacé. Demandez-en une autre."
        ),
    },
    usual=channels_by_audience(Channel.INBOX, Channel.INBOX, Channel.INBOX, Channel.AT_ONCE),
)
KINDS = (LEAVING,)
RULES = (
    NotificationRule(
        LEAVING, (commands.TOLD_FIRST, commands.TOLD_SECOND), select_role_holders(*ARCHIVE_READERS)
    ),
    NotificationRule(LEAVING, (archives.REMOVED,), select_named_person()),
)
