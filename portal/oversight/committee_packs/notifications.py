"""Notify the person who requested a committee pack that it is completed or failed."""

from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    path_from_facts,
    select_named_person,
)
from portal.communication.notifications.models import Channel
from portal.oversight.committee_packs import commands, queries
from portal.platform.kernel.text import lazy_gettext as _l

ENDED = NotificationKind(
    code="pack_ended",
    label=_l("Un dossier de comité que vous avez demandé est fait, ou n’a pas pu l’être"),
    sentence={
        commands.COMPLETED.code: _l("a fait le dossier de comité que vous avez demandé"),
        commands.FAILED.code: _l("n’a pas pu faire le dossier de comité que vous avez demandé"),
    },
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.INBOX, Channel.INBOX, Channel.INBOX, Channel.INBOX),
    is_personal=True,
    excerpts=queries.describe_packs_by_id,
)

KINDS = (ENDED,)
RULES = (NotificationRule(ENDED, (commands.COMPLETED, commands.FAILED), select_named_person()),)
