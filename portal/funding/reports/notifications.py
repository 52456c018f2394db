"""Notify whoever requested a report as PDF that it is printed."""

from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    path_from_facts,
    select_named_person,
)
from portal.communication.notifications.models import Channel
from portal.funding.reports import commands, queries
from portal.platform.kernel.text import lazy_gettext as _l

PRINTED = NotificationKind(
    code="funding_report_printed",
    label=_l("Un rapport financier que vous avez demandé est prêt"),
    sentence={commands.PRINTED.code: _l("a préparé le rapport financier que vous avez demandé")},
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.INBOX, Channel.INBOX, Channel.INBOX, Channel.INBOX),
    is_personal=True,
    excerpts=queries.describe_files_by_id,
)
KINDS = (PRINTED,)
RULES = (NotificationRule(PRINTED, (commands.PRINTED,), select_named_person()),)
